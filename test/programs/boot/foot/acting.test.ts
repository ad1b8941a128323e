import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { approve, signable } from "../../../../control-plane/desk/decide.ts";
import { disk } from "../../../../control-plane/disk/disk.ts";
import type { ActingSurroundings } from "../../../../programs/boot/foot/acting.ts";
import { ANNA, signed, workFor } from "../../../control-plane/actor/keys.ts";
import { stopped } from "../../../control-plane/imitated-root.ts";
import { servingExecutor } from "../../../control-plane/serving-executor.ts";
import {
  actorOf,
  bindingOf,
  JELLYFIN,
  NOBODY,
  settledState,
  thief,
  toClose,
  WAIT,
} from "./actor.ts";

describe("a host that fetches what a person approved", () => {
  it("does it once, with a real Executor and a real signature, and has it looked at", async () => {
    const root = stopped();
    const action = root.action("pending");
    const found = signable(disk, root.path, action.id, root.now());
    if ("refused" in found) throw new Error(found.refused);
    const authority = await signed(found.text, ANNA);
    const by = { by: "anna", now: root.now() };
    expect(approve(disk, root.path, action.id, action.hash, authority, by)).not.toHaveProperty(
      "refused",
    );
    const token = root.token("nas");
    const executor = await servingExecutor(root);
    toClose.push(() => executor.stop());
    const [digest = ""] = action.binding.digests;
    const { engine, looks, audit, lines } = await actorOf(
      `http://127.0.0.1:${executor.port}`,
      { files: { status: "exited", image: `files:1@${digest}` } },
      { token, now: root.now },
    );
    await vi.waitFor(() => expect(looks.wanted).toBe(1), WAIT);
    expect(engine.did).toEqual(["start files"]);
    expect(audit().map(({ what, by: who }) => `${what} ${who}`)).toEqual([
      "began anna",
      "ended anna",
    ]);
    expect(root.action("running")).toMatchObject({ outcome: "the engine did start files" });
    expect(lines.map(({ level }) => level)).toEqual(["info"]);
  });

  it("restarts a service within the time that it is declared to have", async () => {
    const { url, said } = await thief([await workFor()]);
    const { engine } = await actorOf(url, JELLYFIN);
    await vi.waitFor(() => expect(said).toEqual(["began", "ended"]), WAIT);
    expect(engine.did).toEqual(["restart jellyfin 10"]);
  });

  it.each([
    [0, "made a copy"],
    [3, "exit code 3"],
  ])("makes a copy, and says that it ended with %i", async (exitCode, word) => {
    const { url, said } = await thief([await workFor(bindingOf({ verb: "run-backup" }))]);
    const { engine, audit } = await actorOf(url, JELLYFIN);
    engine.exitCode = exitCode;
    await vi.waitFor(() => expect(said).toEqual(["began", "ended"]), WAIT);
    expect(engine.did).toEqual(["exec jellyfin"]);
    expect(audit().at(-1)?.reason).toContain(word);
  });

  it.each([
    [0, "is mounted"],
    [1, "is not mounted: no"],
  ])(
    "mounts what is not there, and says by the gate's own look that it did: %i",
    async (exitCode, word) => {
      const binding = bindingOf({
        verb: "remount",
        target: "nas-media",
        digests: [],
        commit: "e".repeat(40),
      });
      const { url, said } = await thief([await workFor(binding)]);
      const scripts: string[] = [];
      const run: ActingSurroundings["run"] = (script) => {
        scripts.push(script);
        return Promise.resolve({ exitCode, output: "no" });
      };
      const { audit } = await actorOf(url, JELLYFIN, { run, state: settledState("closed") });
      await vi.waitFor(() => expect(said).toEqual(["began", "ended"]), WAIT);
      expect(scripts.some((script) => script.startsWith("systemctl start 'mnt-nas"))).toBe(true);
      expect(audit().at(-1)?.reason).toContain(word);
    },
  );

  it("says that it ended until somebody hears it", async () => {
    const { url, said, steps } = await thief([await workFor()]);
    let deaf = 3;
    steps.answer = (step, response) => {
      if (step === "ended" && deaf > 0) {
        deaf -= 1;
        return void (deaf === 1 ? response.destroy() : response.writeHead(503).end());
      }
      response.end();
    };
    const { looks, engine } = await actorOf(url, JELLYFIN);
    await vi.waitFor(() => expect(looks.wanted).toBe(1), WAIT);
    expect(said).toEqual(["began", "ended", "ended", "ended", "ended"]);
    expect(engine.did).toHaveLength(1);
  });

  it.each([503, 409])("does nothing when nobody takes note that it begins: %i", async (status) => {
    const { url, said, steps } = await thief([await workFor()]);
    steps.answer = (_, response) => void response.writeHead(status).end();
    const { engine, audit } = await actorOf(url, JELLYFIN);
    await vi.waitFor(() => expect(audit().at(-1)?.what).toBe("interrupted"), WAIT);
    expect(said).toEqual(["began"]);
    expect(engine.did).toEqual([]);
  });
});

describe("a host on which nothing is to be done", () => {
  const until = null;
  it.each<[string, Parameters<typeof actorOf>[2]]>([
    ["boots", { state: settledState("open", false) }],
    [
      "is in maintenance",
      { marks: () => ({ ...NOBODY, maintenance: { reason: "", by: "", until } }) },
    ],
    ["is held", { marks: () => ({ ...NOBODY, hold: { by: "", commit: null } }) }],
    ["is being deployed", { marks: () => ({ ...NOBODY, deploying: true }) }],
    ["has no settings", { settings: "/nowhere/actor.json" }],
  ])("because it %s fetches nothing", async (_, change) => {
    const { url, asked } = await thief([await workFor()]);
    const { engine, lines } = await actorOf(url, JELLYFIN, change);
    await pause(200);
    expect(asked.times).toBe(0);
    expect(engine.did).toEqual([]);
    expect(lines).toEqual([]);
  });

  it("by settings that name no signers says so once, and fetches nothing", async () => {
    const { url, asked } = await thief([]);
    const folder = mkdtempSync(join(tmpdir(), "actor-"));
    const settings = join(folder, "actor.json");
    const text = { version: 1, host: "nas", url, tokenFile: join(folder, "token") };
    writeFileSync(settings, JSON.stringify(text));
    const { lines } = await actorOf(url, {}, { settings });
    await vi.waitFor(() => expect(lines).toHaveLength(1), WAIT);
    await pause(100);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.text).toContain("allowedSigners");
    expect(asked.times).toBe(0);
  });
});
