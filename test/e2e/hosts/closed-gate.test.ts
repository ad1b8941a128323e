// The NAS is away, the Docker VM lost its power meanwhile, and somebody deploys.
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reboot, untilOrchestrated } from "../../../bench/soak-machine.ts";
import { mountNeeds } from "../../../bench/soak-scenarios.ts";
import { desiredPlan } from "../../../model/paths.ts";
import { setExports } from "../../../sandbox/mounts.ts";
import { declaredHost } from "../support/declared.ts";
import { containerIds, containers, on, openLab, preview, up, type Lab } from "../support/lab.ts";
import { plannedChanges } from "../support/planned-changes.ts";

/** So that a boot without the NAS takes a minute. */
const MOUNT_LIMIT_SECONDS = 30;
const BOOT_SECONDS = 300;
/** Those that wait for another one start when that is healthy. */
const CHAIN_MS = 20_000;

const PLAN = desiredPlan("docker-vm");
const KEPT = "/root/plan-as-deployed.json";

let lab: Lab;
let held: readonly string[];
let before: Record<string, string>;

/** Services that do not run. */
async function down(): Promise<string[]> {
  return [...(await containers(lab, "docker-vm"))]
    .filter(([, status]) => !status.startsWith("Up"))
    .map(([name]) => name)
    .sort();
}

beforeAll(async () => {
  lab = await openLab();
  const host = await declaredHost(lab, "docker-vm");
  held = [...mountNeeds(host).held].sort();
  before = await containerIds(lab, "docker-vm");
  await setExports(lab.settings, "absent");
  await on(
    lab,
    "docker-vm",
    `cp ${PLAN} ${KEPT} && sed -i 's/"limitSeconds":300/"limitSeconds":${MOUNT_LIMIT_SECONDS}/g' ${PLAN}`,
  );
  await reboot(lab.settings);
  await untilOrchestrated(lab.settings, MOUNT_LIMIT_SECONDS + BOOT_SECONDS);
  await on(lab, "docker-vm", `mv ${KEPT} ${PLAN}`);
}, 900_000);
afterAll(() => setExports(lab.settings, "served"));

describe("a deployment of the Docker VM while the NAS is away", () => {
  it("finds down what could not start without the NAS, and preview names each closed gate and whom it holds back", async () => {
    expect(await down()).toEqual(held);
    const { code, output } = await preview(lab, "docker-vm");
    expect(code, output).toBe(0);
    for (const gate of ["nas-media", "nas-downloads", "nas-photos"]) {
      expect(output).toContain(`gate ${gate}: nothing is mounted`);
    }
    for (const name of held) expect(output).toContain(name);
  });

  it("leaves those services as they are, and ends with one error that says all", async () => {
    const { code, output } = await up(lab, "docker-vm");
    expect(code).not.toBe(0);
    expect(output).toContain(
      `left as they are on docker-vm, because they cannot run behind a closed gate: ${held.join(", ")}`,
    );
    expect(output).toContain("check that the NAS is on and exports /srv/media");
    expect(output.match(/creating failed/g) ?? []).toHaveLength(1);
    expect(await down()).toEqual(held);
    expect(await containerIds(lab, "docker-vm")).toEqual(before);
  });

  it("has them start by themselves within a minute once the NAS is back, before anybody deploys", async () => {
    await setExports(lab.settings, "served");
    const begin = Date.now();
    while ((await down()).length > 0 && Date.now() - begin < 90_000) await delay(2000);
    expect(await down()).toEqual([]);
    expect(Date.now() - begin).toBeLessThan(60_000 + CHAIN_MS);
  });

  it("finds nothing to replace with the next `up`", async () => {
    const { code, output } = await up(lab, "docker-vm");
    expect(code, output).toBe(0);
    expect(await down()).toEqual([]);
    expect(await containerIds(lab, "docker-vm")).toEqual(before);
    expect(await plannedChanges(lab, "docker-vm")).toEqual([]);
  });
});
