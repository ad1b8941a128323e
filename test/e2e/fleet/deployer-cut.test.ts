// The line to a host is cut in the middle of `homelab deploy` of two, and is there again later.
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { placesBelow } from "../../../deploy/staged/places.ts";
import { deployReportSchema, type DeployReport } from "../../../deploy/staged/report.ts";
import { unsentFolder, unsentIn } from "../../../deploy/staged/unsent.ts";
import { ROOT } from "../../../model/paths.ts";
import { SANDBOX_DOMAIN } from "../../../sandbox/addresses.ts";
import { setLink } from "../../../sandbox/network.ts";
import { containerIds, homelabJson, on, openLab, tryOn, type Lab } from "../support/lab.ts";
import { plannedChanges } from "../support/planned-changes.ts";

/** Nobody else has anything of this one. */
const CUT = "docker-vm";
const OTHER = "nas";
const PLACES = placesBelow(ROOT);

/** Nobody needs these; the second begins when the first is there. */
const REMOVED = ["bentopdf", "homepage"];

let lab: Lab;
/** Of the user's programs, for this file alone. */
let state: string;
/** What the cut run left here. */
let folder: string;
beforeAll(async () => {
  const shared = await openLab();
  state = await mkdtemp(join(tmpdir(), "homelab-cut-"));
  lab = { ...shared, env: { ...shared.env, XDG_STATE_HOME: state } };
  folder = unsentFolder(SANDBOX_DOMAIN, CUT, lab.env);
});
afterAll(async () => {
  await setLink(lab.settings, CUT, "restore");
  await rm(state, { recursive: true });
});

function outcomeOf(report: DeployReport, host: string) {
  return report.hosts.find((one) => one.host === host);
}

describe("a deployment of two hosts of which one loses its line", () => {
  let cut: DeployReport;

  it("ends by itself, with the other host deployed and no process left", async () => {
    await on(lab, CUT, `docker rm --force ${REMOVED.join(" ")}`);
    const run = execa(
      "node",
      ["cli/homelab.mjs", "deploy", OTHER, CUT, "--offline", "--full", "--json"],
      {
        env: lab.env,
        cwd: lab.settings.checkout,
        reject: false,
      },
    );
    const deploys = async () => (await tryOn(lab, CUT, `cat ${PLACES.currentStage}`)).output.trim();
    await expect.poll(deploys, { timeout: 180_000, interval: 200 }).toBe("deploy");
    await setLink(lab.settings, CUT, "cut");

    const { exitCode, stdout } = await run;
    expect(exitCode).toBe(1);
    cut = deployReportSchema.parse(JSON.parse(stdout));
    expect(outcomeOf(cut, OTHER)).toMatchObject({ outcome: "done", error: null });
    expect(outcomeOf(cut, CUT)).toMatchObject({ outcome: "failed", stage: "deploy" });
    expect(outcomeOf(cut, CUT)?.next).toContain("--resume");
    const left = await execa("pgrep", ["--parent", String(run.pid)], { reject: false });
    expect(left.stdout).toBe("");
  });

  it("keeps log and findings of the host that is away here, and says where", async () => {
    const kept = await unsentIn(folder);
    const names = [...kept.keys()].map((path) => path.slice(PLACES.logs.length + 1)).sort();
    expect(names).toEqual([
      expect.stringMatching(/^deploy_.*\.log$/),
      expect.stringMatching(/^diagnostics_.*\.txt$/),
    ]);
    expect(kept.get(outcomeOf(cut, CUT)?.log ?? "")).toContain(" deploy: FAILED");
  });

  it("is resumed when the line is there again, and brings what lay here to the host", async () => {
    const kept = await unsentIn(folder);
    await setLink(lab.settings, CUT, "restore");
    const reached = async () => (await tryOn(lab, CUT, "true")).code;
    await expect.poll(reached, { timeout: 120_000, interval: 1000 }).toBe(0);

    const { code, answer } = await homelabJson(lab, ["deploy", CUT, "--offline", "--resume"]);
    expect(code, JSON.stringify(answer, undefined, 2)).toBe(0);
    expect(Object.keys(await containerIds(lab, CUT))).toEqual(expect.arrayContaining(REMOVED));
    for (const [path, text] of kept) expect(await on(lab, CUT, `cat ${path}`)).toBe(text.trim());
    expect(readdirSync(folder)).toEqual([]);
    expect(await tryOn(lab, CUT, `test -e ${PLACES.lock}`)).toMatchObject({ code: 1 });
    expect(await plannedChanges(lab, CUT)).toEqual([]);
  });
});
