import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { deployReportSchema } from "../../../deploy/staged/report.ts";
import type { BootRecord } from "../../../model/boot-record.ts";
import { CHECKOUT } from "../../support/rooms.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { imitateFleet, type ImitatedFleet } from "./imitated-fleet.ts";

/** What a boot that is over leaves, in which everything came up. */
function bootedRecord({ declaration }: ImitatedFleet): string {
  const began = "2026-11-27T02:00:00.000Z";
  const healthy = { state: "healthy", since: began, restarts: 0 } as const;
  const names = declaration.services.map(({ name }) => name);
  const services = Object.fromEntries(names.map((name) => [name, healthy]));
  const ended = { at: began, healthy: names.length, failed: [], held: [] };
  const record: BootRecord = { version: 1, host: "nas", began, ended, gates: {}, services };
  return JSON.stringify(record);
}

/** Runs the command as a process of its own, and kills it as soon as it has had the host boot. */
async function killedAtBoot(fleet: ImitatedFleet): Promise<void> {
  const args = ["cli/homelab.mjs", "deploy", "nas", "--after-outage", "--root", fleet.root];
  const env = { ...process.env, ...fleet.env };
  const child = spawn(process.execPath, args, { cwd: CHECKOUT, env, stdio: "ignore" });
  const ended = once(child, "exit");
  await expect.poll(() => fleet.read("boots"), { timeout: 180_000, interval: 10 }).toBeDefined();
  child.kill("SIGKILL");
  expect(await ended).toEqual([null, "SIGKILL"]);
}

/** Samba does not run, and the host's last boot is from before that. */
function withoutSamba(fleet: ImitatedFleet): string {
  const look = fleet.read("look") ?? "";
  const isSamba = (line: string): boolean => line.includes('"Name":"/samba"');
  const down = look
    .split("\n")
    .map((line) =>
      isSamba(line) ? line.replace('"Status":"running"', '"Status":"exited"') : line,
    );
  fleet.put("look", down.join("\n"));
  return look;
}

describe("a run of --after-outage that is killed while a host boots", { timeout: 300_000 }, () => {
  it.each([
    ["leaves a boot that goes on, and the next run finds nothing to do", true, "nothing"],
    ["is followed by one that boots the host again where that did not help", false, "done"],
  ])("%s", async (_, goesOn, outcome) => {
    const fleet = await imitateFleet();
    const whole = withoutSamba(fleet);
    await killedAtBoot(fleet);
    expect(fleet.state("lock")).toBeDefined();

    fleet.put("booted.json", bootedRecord(fleet));
    fleet.put("look-booted", whole);
    if (goesOn) {
      fleet.put("opt/boot.json", bootedRecord(fleet));
      fleet.put("look", whole);
    }
    const args = ["deploy", "nas", "--after-outage", "--json", "--root", fleet.root];
    const { exitCode, stdout, stderr } = await runHomelab(args, fleet.env);
    expect(exitCode, stderr).toBe(0);
    const [host] = deployReportSchema.parse(JSON.parse(stdout)).hosts;
    expect(host?.outcome).toBe(outcome);
    expect(fleet.state("lock")).toBeUndefined();
    expect(fleet.read("run/deploying")).toBeUndefined();
    const odd = fleet.list("state/deploy").filter((name) => /\.new$|torn/.test(name));
    expect(odd).toEqual([]);
  });
});
