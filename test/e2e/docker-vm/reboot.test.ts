// Two power cuts of the deployed Docker VM; `make soak` does twenty, with a NAS that is late among them.
// Who waits for what comes late is held by boot/orchestrator.test.ts and hosts/closed-gate.test.ts.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rebootRound, withPlan, type SoakLab } from "../../../bench/soak-round.ts";
import type { Reboot } from "../../../bench/soak-report.ts";
import { mountNeeds, seeded, type Scenario } from "../../../bench/soak-scenarios.ts";
import { BOOT_UNIT } from "../../../model/boot.ts";
import { setExports } from "../../../sandbox/mounts.ts";
import { declaredHost } from "../support/declared.ts";
import { containers, on, openLab, type Lab } from "../support/lab.ts";

/** So that a boot without the NAS takes a minute. */
const MOUNT_LIMIT_SECONDS = 30;

const random = seeded(20);
let lab: Lab;
let vm: SoakLab;
beforeAll(async () => {
  lab = await openLab();
  vm = { settings: lab.settings, host: await declaredHost(lab, "docker-vm") };
});
afterAll(() => setExports(lab.settings, "served"));

/** Shuffles the start order and reboots; the plan is as it was afterwards. */
function round(number: number, scenario: Scenario): Promise<Reboot> {
  const mountLimitSeconds = MOUNT_LIMIT_SECONDS;
  return withPlan(vm, (plan) =>
    rebootRound(vm, plan, { number, scenario, random, mountLimitSeconds }),
  );
}

async function journal(): Promise<string> {
  return on(lab, "docker-vm", `journalctl -b -u ${BOOT_UNIT} -o cat`);
}

describe("the Docker VM after a power cut, its services in another order", () => {
  it("holds back what cannot run without an absent NAS, starts the rest, Frigate without its recordings, and is whole once the NAS is back", async () => {
    const { held } = mountNeeds(vm.host);
    const seen = await round(1, { mounts: "absent" });
    expect(seen.problems).toEqual([]);
    expect(seen).toMatchObject({ waiting: held.length, healthy: 36 - held.length });
    expect(seen.filesBelowMounts).toBe(0);
    expect(seen.recoverySeconds).toBeDefined();
    expect(await journal()).toMatch(/frigate: healthy .*started without gate:nas-frigate/);
  });

  it("does the same with a NAS that never answers", async () => {
    const seen = await round(2, { mounts: "stale" });
    expect(seen.problems).toEqual([]);
    expect(seen.filesBelowMounts).toBe(0);
    expect(seen.mostRestarts).toBeLessThan(3);
    const ill = [...(await containers(lab, "docker-vm"))].filter(
      ([, status]) => !status.includes("(healthy)"),
    );
    expect(ill).toEqual([]);
  });
});
