import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { eventsIn } from "../../../deploy/staged/log.ts";
import { deployReportSchema } from "../../../deploy/staged/report.ts";
import { STAGES } from "../../../deploy/staged/stage.ts";
import { CHECKOUT } from "../../support/rooms.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { imitateFleet, type ImitatedFleet } from "./imitated-fleet.ts";

/** Runs the command as a process of its own, and kills it as soon as the host is said to be at a stage. */
async function killedAt(fleet: ImitatedFleet, stage: string): Promise<void> {
  const args = ["cli/homelab.mjs", "deploy", "nas", "--offline", "--root", fleet.root];
  const env = { ...process.env, ...fleet.env };
  const child = spawn(process.execPath, args, { cwd: CHECKOUT, env, stdio: "ignore" });
  const ended = once(child, "exit");
  const isThere = (): boolean => fleet.state("current_stage") === `${stage}\n`;
  await expect.poll(isThere, { timeout: 180_000, interval: 10 }).toBe(true);
  child.kill("SIGKILL");
  expect(await ended).toEqual([null, "SIGKILL"]);
}

describe("a run that is killed", { timeout: 300_000 }, () => {
  it.each(["prepare", "validate", "deploy", "verify"])(
    "in the stage %s leaves a lock that its death frees, and is resumed to its end",
    async (stage) => {
      const fleet = await imitateFleet();
      await killedAt(fleet, stage);
      expect(fleet.state("lock")).toBeDefined();
      expect(fleet.read("run/deploying")).toBeDefined();

      const args = ["deploy", "nas", "--offline", "--resume", "--json", "--root", fleet.root];
      const { exitCode, stdout, stderr } = await runHomelab(args, fleet.env);
      expect(exitCode, stderr).toBe(0);
      expect(stderr).toMatch(/is gone; what it told the host's boot orchestrator counts no more/);
      const [host] = deployReportSchema.parse(JSON.parse(stdout)).hosts;
      const log = fleet.read((host?.log ?? "").slice(fleet.folder.length + 1)) ?? "";
      const events = eventsIn(log).flatMap((one) =>
        one.event === "stage-skipped" || one.event === "stage-ended" ? [one] : [],
      );
      // Each once, in order; the first ones by the run that was killed.
      expect(events.map((one) => one.stage)).toEqual(STAGES);
      const skipped = events.filter(({ event }) => event === "stage-skipped").length;
      expect(skipped).toBeGreaterThanOrEqual(STAGES.findIndex((one) => one === stage));

      for (const one of STAGES) expect(fleet.state(`stage_${one}_complete`), one).toBeDefined();
      expect(fleet.list("state/deploy/receipts")).toHaveLength(1);
      expect(fleet.state("lock")).toBeUndefined();
      expect(fleet.read("run/deploying")).toBeUndefined();
      const odd = fleet.list("state/deploy").filter((name) => /\.new$|torn/.test(name));
      expect(odd).toEqual([]);
    },
  );
});
