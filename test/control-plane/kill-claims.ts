// What has to be so after parts were killed while somebody approved.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { parseDecision } from "../../control-plane/contract/decision.ts";
import { auditLines } from "../../control-plane/disk/audit-trail.ts";
import { disk } from "../../control-plane/disk/disk.ts";
import { decisionPath, readQueue } from "../../control-plane/disk/places.ts";
import { killTimes, type Killed } from "./kills.ts";
import { HOST } from "./mortal-parts.ts";
import { linesOnDisk, observe, worldOnDisk } from "./observer/room.ts";

/** What a part does with an action once at most. */
const ONCE = /^(proposed|approved|claimed|began|ended|verified) /;
const SETTINGS = { silentAfterSeconds: { [HOST]: 600 } };

/** Kills parts so many times at random moments, and claims that nothing was lost or doubled by it. */
export async function claimNothingLostByKills(times: number): Promise<void> {
  const killed = await killTimes(times, Math.random);
  expectNothingLost(killed, times);
  expectNothingDoubled(killed);
  await expectTheSameWorld(killed);
}

function expectNothingLost({ root, host, approved, kills }: Killed, times: number): void {
  const lines = linesOnDisk(root).filter((line) => line["host"] === HOST);
  const numbers = Array.from({ length: host.acknowledged }, (_, at) => at + 1);
  expect(lines.map(({ number }) => number)).toEqual(numbers);
  const actions = new Map(readQueue(disk, root).map((action) => [action.id, action]));
  const about = JSON.stringify(kills);
  expect(actions.size, about).toBe(times);
  for (const id of approved) {
    expect(parseDecision(disk.read(decisionPath(root, id)) ?? "")?.by, about).toBe("anna");
    expect(actions.get(id)?.decision?.by, about).toBe("anna");
  }
  // What was done is found out by observation, whoever was killed meanwhile.
  for (const id of host.acted) expect(actions.get(id)?.state, about).toBe("verified");
}

function expectNothingDoubled({ root, host, kills }: Killed): void {
  const about = JSON.stringify(kills);
  for (const each of [host.got, host.acted, host.heard]) {
    expect([...new Set(each)], about).toEqual(each);
  }
  const sequences = linesOnDisk(root).map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.map((_, at) => at + 1));
  for (const part of ["supervisor", "executor"] as const) {
    const { lines, broken } = auditLines(disk, root, part);
    expect(broken, about).toBe(0);
    const steps = lines.map(({ what, action }) => `${what} ${action}`);
    const once = steps.filter((step) => ONCE.test(step));
    expect([...new Set(once)], about).toEqual(once);
  }
}

async function expectTheSameWorld({ root }: Killed): Promise<void> {
  const known = await worldOf(root);
  rmSync(join(root, "state/observer_checkpoint.json"), { force: true });
  expect(await worldOf(root)).toEqual(known);
}

/** The world as an Observer writes it that starts now. */
async function worldOf(root: string): Promise<unknown[]> {
  const observer = await observe(root, SETTINGS);
  await observer.writeWorld();
  await observer.close();
  // That it started is a line, too.
  return Object.values(worldOnDisk(root)).map((text) => ({
    ...(JSON.parse(text) as object),
    sequence: 0,
  }));
}
