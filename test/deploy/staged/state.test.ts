import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesIn, readScript, runThere, writeScript } from "../../../deploy/staged/host-files.ts";
import { renewScript } from "../../../deploy/staged/lock.ts";
import { Outbox } from "../../../deploy/staged/outbox.ts";
import {
  resumeProblem,
  rememberedIn,
  rememberedRun,
  stagesDone,
  type RunFacts,
} from "../../../deploy/staged/state.ts";
import { STAGES } from "../../../deploy/staged/stage.ts";
import { localHost } from "./local-host.ts";

const RUN: RunFacts = {
  version: 1,
  id: "r",
  host: "nas",
  commit: "c",
  planDigest: "p",
  only: null,
  began: "2026-11-26T07:00:00.000Z",
};

function marker(run = "r"): string {
  return JSON.stringify({ run, at: "2026-11-26T07:00:00.000Z", seconds: 1 });
}

/** What is remembered when these stages are complete. */
function after(stages: readonly string[], run: string = JSON.stringify(RUN)) {
  const markers = stages.map((stage) => [`stage_${stage}_complete`, marker()] as const);
  return rememberedIn(new Map([["run.json", run], ...markers]));
}

describe("files on a host", () => {
  it("come back as they were written, whatever stands in them", async () => {
    const { folder, shell } = localHost();
    const files = new Map([
      [`${folder}/w/plain`, "a\n"],
      [`${folder}/w/empty`, ""],
      [`${folder}/w/shell`, "'\"$(touch here)`\\\n!\nEND\n"],
      [`${folder}/w/bytes`, "\u0000\u001b ü\r\n no end of line"],
    ]);
    await runThere("nas", shell, writeScript(files));
    const read = filesIn(await runThere("nas", shell, readScript(`${folder}/w`)));
    expect(new Map([...read].map(([name, text]) => [`${folder}/w/${name}`, text]))).toEqual(files);
  });

  it("are as before when the disk is full, with nothing half beside them", async () => {
    const { folder, shell } = localHost();
    const path = join(folder, "state");
    await runThere("nas", shell, writeScript(new Map([[path, "before"]])));
    const full = "base64() { printf half; echo 'no space left on device' >&2; return 1; }\n";
    const write = runThere("nas", shell, full + writeScript(new Map([[path, "after"]])));
    await expect(write).rejects.toMatchObject({
      code: "HL-DEPLOY-STATE",
      message: expect.stringContaining("no space left on device") as string,
    });
    expect(readdirSync(folder)).toEqual(["state"]);
    expect(readFileSync(path, "utf8")).toBe("before");
  });

  it("that could not be sent go with the next batch, the newest text of each", async () => {
    const { folder, places, shell } = localHost();
    mkdirSync(join(folder, "run"));
    let isAway = true;
    const outbox = new Outbox(
      "nas",
      (script) => (isAway ? shell("exit 1") : shell(script)),
      renewScript(places, "one"),
      "npx homelab deploy nas --resume",
    );
    outbox.put(`${folder}/a`, "old");
    outbox.put(`${folder}/b`, "b");
    await expect(outbox.flush()).rejects.toMatchObject({
      code: "HL-DEPLOY-STATE",
      message: expect.stringMatching(/then `npx homelab deploy nas --resume`$/) as string,
    });
    outbox.put(`${folder}/a`, "new");
    isAway = false;
    await outbox.flush();
    expect([readFileSync(`${folder}/a`, "utf8"), readFileSync(`${folder}/b`, "utf8")]).toEqual([
      "new",
      "b",
    ]);
  });

  it("are for root alone", async () => {
    const { folder, shell } = localHost();
    await runThere("nas", shell, writeScript(new Map([[`${folder}/x`, "x"]])));
    expect(statSync(join(folder, "x")).mode & 0o777).toBe(0o600);
  });
});

describe("a run that is resumed", () => {
  it("passes over the stages that are complete, up to the first that is not", () => {
    expect(stagesDone(after([]))).toEqual([]);
    expect(stagesDone(after(["prepare", "validate"]))).toEqual(["prepare", "validate"]);
    expect(stagesDone(after(["prepare", "deploy", "verify"]))).toEqual(["prepare"]);
    expect(stagesDone(after(STAGES))).toEqual(STAGES);
  });

  it("does not take a marker of another run for its own", () => {
    const files = new Map([
      ["run.json", JSON.stringify(RUN)],
      ["stage_prepare_complete", marker("another")],
    ]);
    expect(stagesDone(rememberedIn(files))).toEqual([]);
  });

  it("goes on with the same commit and plan, and names each that is another", () => {
    expect(resumeProblem("nas", after([]), RUN)).toBeUndefined();
    const now = { commit: "d", planDigest: "q", only: "git" };
    expect(resumeProblem("nas", after([]), now)?.message).toContain(
      "commit c -> d; plan p -> q; --only everything -> git",
    );
  });

  it("where nothing was ever begun begins anew", () => {
    expect(resumeProblem("nas", rememberedIn(new Map()), RUN)).toBeUndefined();
  });

  it.each(["", "{", "null", "[]", '{"version":2}', "\u0000\u0000"])(
    "is refused where its state is torn: '%s'",
    async (text) => {
      const { places, shell } = localHost();
      mkdirSync(places.state, { recursive: true });
      writeFileSync(places.run, text);
      writeFileSync(places.complete("prepare"), text);
      writeFileSync(places.lastService, "");
      const now = new Date("2026-11-26T07:15:03Z");
      const remembered = await rememberedRun("nas", shell, places, now);
      expect(remembered.torn).toEqual(["run.json", "stage_prepare_complete", "last_service"]);
      expect(resumeProblem("nas", remembered, RUN)?.message).toContain("torn (run.json, ");
      expect(readdirSync(places.state).sort()).toEqual(
        remembered.torn.map((name) => `${name}.torn-20261126T071503Z`).sort(),
      );
    },
  );
});
