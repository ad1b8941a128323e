// Real power cuts of a real machine whose containers stand in for the homelab's: same names, same
// graph, same mounts, with programs that only take a while to become healthy.
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPlan } from "../../../programs/boot/start-plan.ts";
import { parseBootRecord, type BootRecord } from "../../../model/boot-record.ts";
import { BOOT_UNIT } from "../../../model/boot.ts";
import { BOOT_RECORD_FILE } from "../../../model/paths.ts";
import { down } from "../../../sandbox/down.ts";
import { cutPower, onMachine } from "../../../sandbox/machine.ts";
import { setExports } from "../../../sandbox/mounts.ts";
import { up } from "../../../sandbox/up.ts";
import { own } from "../sandbox/own-sandbox.ts";
import { containersOf } from "./stand-in-containers.ts";
import { installStandIns, MOUNT_LIMIT_SECONDS, onDockerVm, standInPlan } from "./stand-ins.ts";
import { exportNasFolders } from "../support/nas-exports.ts";
import {
  complaintAbout,
  killMountProgram,
  RENEWED_WITHIN_SECONDS,
  whoSitsOn,
} from "./stale-mount.ts";

const plan = standInPlan();
const { services } = startPlan(plan);

/** Start after start, each stand-in takes its few seconds. */
const LONGEST_CHAIN_SECONDS = 20;

/** Services that cannot run without a mount, directly or through others. */
const belowMounts = plan.services
  .filter(({ requires }) =>
    requires.some((r) => r.strength === "hard" && r.on.startsWith("gate:nas-")),
  )
  .map(({ name }) => name);

beforeAll(async () => {
  await down({ settings: own });
  await up({ settings: own, images: false });
  await exportNasFolders(own);
  await installStandIns(own, plan);
});

afterAll(() => down({ settings: own }));

/** Waits until the boot has settled, and answers how: "whole", or who failed or was held back. */
async function settles(): Promise<string> {
  for (;;) {
    const show = ["systemctl", "show", "--property=ActiveState", "--value", BOOT_UNIT];
    const { stdout } = await onMachine(own, "docker-vm", show);
    if (stdout.trim() === "active") return ending(await record());
    if (stdout.trim() === "failed") return "failed";
    await delay(1000);
  }
}

async function record(): Promise<BootRecord> {
  const read = parseBootRecord(await onDockerVm(own, `cat ${BOOT_RECORD_FILE}`));
  if (!read) throw new Error(`${BOOT_RECORD_FILE} is not what it should be`);
  return read;
}

function ending({ ended }: BootRecord): string {
  const missing = [...(ended?.failed ?? []), ...(ended?.held ?? [])].sort();
  return missing.length === 0 ? "whole" : missing.join(" ");
}

/** Waits until a look succeeds; answers how many seconds that took. */
async function until(look: () => Promise<boolean>, limitSeconds: number): Promise<number> {
  const begin = Date.now();
  while (!(await look()) && Date.now() - begin < limitSeconds * 1000) await delay(1000);
  return (Date.now() - begin) / 1000;
}

/** Cuts the Docker VM's power and waits until its boot has settled. */
async function powerCut(): Promise<string> {
  const boot = () => onMachine(own, "docker-vm", ["cat", "/proc/1/stat"]);
  const before = (await boot()).stdout;
  await cutPower(own, "docker-vm");
  for (let now = ""; now === "" || now === before; now = (await boot()).stdout) await delay(500);
  return settles();
}

const containers = () => containersOf(own);

/** Fails when a container was started before something it cannot run without was healthy. */
async function expectOrder(among: readonly string[] = everything): Promise<void> {
  const all = await containers();
  for (const { name, waits } of services.values()) {
    for (const { on, condition, hard } of waits) {
      const needed = all.get(on);
      const started = all.get(name);
      if (!among.includes(name) || !among.includes(on)) continue;
      if (!hard || condition !== "healthy" || !needed || started?.status !== "running") continue;
      expect
        .soft(started.startedAt, `${name} after ${on}`)
        .toBeGreaterThanOrEqual(needed.healthyAt ?? Infinity);
    }
  }
  for (const { name, restarts } of all.values()) expect.soft(restarts, name).toBe(0);
}

async function running(): Promise<string[]> {
  return [...(await containers()).values()]
    .filter(({ status }) => status === "running")
    .map(({ name }) => name)
    .sort();
}

const everything = plan.services.map(({ name }) => name).sort();
/** What lies on the local disk where the NAS's folders belong; seen from below the mounts. */
function filesBelowMounts(): Promise<string> {
  return onDockerVm(
    own,
    "cd $(mktemp -d) && mount --bind /mnt/nas . && find . ! -type d; umount --lazy $PWD",
  );
}

describe("a Docker VM that lost its power", () => {
  it("starts everything in the order of the graph, and nothing twice", async () => {
    expect(await powerCut()).toBe("whole");
    expect(await running()).toEqual(everything);
    await expectOrder();
  });

  it("does nothing when its unit is run again", async () => {
    const before = await containers();
    await onDockerVm(own, `systemctl restart ${BOOT_UNIT}`);
    for (const [name, { startedAt }] of await containers()) {
      expect(startedAt, name).toBe(before.get(name)?.startedAt);
    }
  });

  // A late NAS, and one that never answers: test/e2e/docker-vm/reboot.test.ts, with what is deployed.
  it(
    "starts nothing below the mounts of a NAS that is absent, and all the rest",
    async () => {
      await setExports(own, "absent");
      expect(await powerCut()).toBe([...belowMounts].sort().join(" "));
      const now = await running();
      expect(now).toEqual(everything.filter((name) => !belowMounts.includes(name)));
      expect(now).toContain("frigate");
      await expectOrder();
      expect(await filesBelowMounts()).toBe("");
    },
    (MOUNT_LIMIT_SECONDS + 180) * 1000,
  );

  it("is whole again within a minute once the NAS is back, in order, and nobody did anything", async () => {
    const began = (await containers()).get("frigate")?.startedAt;
    await setExports(own, "served");
    const whole = async () =>
      (await running()).join() === everything.join() &&
      Object.values((await record()).services).every(({ state }) => state === "healthy") &&
      (await containers()).get("frigate")?.startedAt !== began;
    expect(await until(whole, 90)).toBeLessThan(60 + LONGEST_CHAIN_SECONDS);
    await expectOrder(belowMounts);
    // Frigate ran without its mount; it was started anew, and sees it.
    expect(
      await onDockerVm(
        own,
        "docker exec frigate /bin/sh -c 'touch /mnt/nas/frigate/seen'; ls /mnt/nas/frigate",
      ),
    ).toContain("seen");
  }, 150_000);
});

describe("a mount that goes stale while services run above it", () => {
  const media = plan.gates.flatMap(({ name, condition }) =>
    name === "nas-media" && condition.kind === "mount" ? [condition] : [],
  )[0];
  const above = whoSitsOn(plan, "nas-media");

  it("is mounted anew: who sits on it is stopped, dependents first, and started after; nobody else is touched, nor is who was stopped", async () => {
    if (!media) throw new Error("the Docker VM has no gate nas-media any more");
    // Nobody needs this one: it stays down, and its being away holds nobody back.
    const needed = (name: string) =>
      [...services.values()].some(({ waits }) => waits.some(({ hard, on }) => hard && on === name));
    const [stopped] = above.filter((name) => !needed(name));
    if (stopped === undefined) throw new Error("somebody needs each of those above nas-media");
    await onDockerVm(own, `docker stop ${stopped}`);
    const before = await containers();
    const renewed = above.filter((name) => name !== stopped);
    expect(renewed.length).toBeGreaterThan(0);

    await killMountProgram(own, media.source);
    expect(await complaintAbout(own, media.path)).toMatch(/Transport endpoint is not connected/);
    const whole = async () => {
      const now = await containers();
      const states = (await record()).services;
      return renewed.every(
        (name) =>
          now.get(name)?.startedAt !== before.get(name)?.startedAt &&
          states[name]?.state === "healthy",
      );
    };
    expect(await until(whole, RENEWED_WITHIN_SECONDS)).toBeLessThan(RENEWED_WITHIN_SECONDS);
    expect(await complaintAbout(own, media.path)).toBe("");

    const after = await containers();
    for (const [name, { startedAt }] of after) {
      if (renewed.includes(name)) continue;
      expect.soft(startedAt, name).toBe(before.get(name)?.startedAt);
    }
    expect(after.get(stopped)?.status).toBe("exited");
    for (const name of renewed) {
      const needs = services
        .get(name)
        ?.waits.filter(({ hard, on }) => hard && renewed.includes(on));
      for (const { on } of needs ?? []) {
        expect
          .soft(after.get(on)?.finishedAt, `${on} stopped after ${name}`)
          .toBeGreaterThanOrEqual(after.get(name)?.finishedAt ?? Infinity);
      }
    }
    await expectOrder(renewed);
    await onDockerVm(own, `docker start ${stopped}`);
    await until(async () => (await record()).services[stopped]?.state === "healthy", 30);
  }, 240_000);
});

describe("a container that ends without an error while nothing is wrong", () => {
  const isUp = async (name: string) => (await running()).includes(name);

  it("is started again when nobody asked for it", async () => {
    // Detached, since whoever waits for it may be told that it was killed together with the container.
    await onDockerVm(own, "docker exec --detach dozzle /bin/sh -c 'kill -TERM 1'");
    await until(async () => !(await isUp("dozzle")), 5);
    expect(await until(() => isUp("dozzle"), 20)).toBeLessThan(20);
    expect((await record()).services["dozzle"]?.restarts).toBe(1);
  });

  it("stays stopped when somebody stopped it", async () => {
    await onDockerVm(own, "docker stop dozzle");
    await delay(5000);
    expect(await isUp("dozzle")).toBe(false);
    expect((await record()).services["dozzle"]?.state).toBe("stopped");
  });

  it("stays so when the orchestrator was killed and started again", async () => {
    const { began } = await record();
    await onDockerVm(own, `kill -9 "$(systemctl show --property=MainPID --value ${BOOT_UNIT})"`);
    const goesOn = async () => {
      const now = await record();
      return now.began !== began && now.ended !== undefined;
    };
    expect(await until(goesOn, 60)).toBeLessThan(60);
    expect(await isUp("dozzle")).toBe(false);
    expect((await record()).services["dozzle"]?.state).toBe("stopped");
    await onDockerVm(own, "docker start dozzle");
  });
});

describe("the orchestrator that stays", () => {
  it("takes less than 60 MiB and no processor time while nothing happens", async () => {
    const facts = () =>
      onDockerVm(
        own,
        `pid=$(systemctl show --property=MainPID --value ${BOOT_UNIT})
awk '/^Rss/ { print $2 }' /proc/$pid/smaps_rollup; awk '{ print $14 + $15 }' /proc/$pid/stat`,
      );
    expect(Number((await facts()).split("\n")[0])).toBeLessThan(60 * 1024);
    // Hundredths of a second. What was started last may just become healthy: that is no nothing.
    const ticks = async () => Number((await facts()).split("\n")[1]);
    const spent = async () => {
      const before = await ticks();
      await delay(5000);
      return (await ticks()) - before;
    };
    await expect.poll(spent, { timeout: 60_000, interval: 0 }).toBeLessThanOrEqual(1);
  });
});

describe("an engine that restarts on a running machine", () => {
  it("has its containers started in order too", async () => {
    await onDockerVm(own, "systemctl restart docker");
    expect(await settles()).toBe("whole");
    expect(await running()).toEqual(everything);
    await expectOrder();
  });
});
