// Real power cuts of a real machine whose containers stand in for the homelab's: same names, same
// graph, same mounts, with programs that only take a while to become healthy.
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPlan } from "../../../programs/boot/start-plan.ts";
import { BOOT_UNIT } from "../../../model/boot.ts";
import { down } from "../../../sandbox/down.ts";
import { cutPower, onMachine } from "../../../sandbox/machine.ts";
import { setExports } from "../../../sandbox/mounts.ts";
import { up } from "../../../sandbox/up.ts";
import { own } from "../sandbox/own-sandbox.ts";
import { installStandIns, MOUNT_LIMIT_SECONDS, onDockerVm, standInPlan } from "./stand-ins.ts";
import { exportNasFolders } from "../support/nas-exports.ts";

const plan = standInPlan();
const { services } = startPlan(plan);

/** Services that cannot run without a mount, directly or through others. */
const belowMounts = plan.services
  .filter(({ requires }) =>
    requires.some((r) => r.strength === "hard" && r.on.startsWith("gate:nas-")),
  )
  .map(({ name }) => name);

interface Container {
  readonly name: string;
  readonly status: string;
  readonly restarts: number;
  readonly startedAt: number;
  /** When its health check passed first; undefined when it never did. */
  readonly healthyAt: number | undefined;
}

beforeAll(async () => {
  await down({ settings: own });
  await up({ settings: own, images: false });
  await exportNasFolders(own);
  await installStandIns(own, plan);
});

afterAll(() => down({ settings: own }));

/** Waits until the boot unit is through and answers how it ended. */
async function unitEnds(): Promise<string> {
  for (;;) {
    const show = ["systemctl", "show", "--property=ActiveState", "--value", BOOT_UNIT];
    const { stdout } = await onMachine(own, "docker-vm", show);
    if (["active", "failed"].includes(stdout.trim())) return stdout.trim();
    await delay(1000);
  }
}

/** Cuts the Docker VM's power and waits until its boot unit is through. */
async function powerCut(): Promise<string> {
  const boot = () => onMachine(own, "docker-vm", ["cat", "/proc/1/stat"]);
  const before = (await boot()).stdout;
  await cutPower(own, "docker-vm");
  for (let now = ""; now === "" || now === before; now = (await boot()).stdout) await delay(500);
  return unitEnds();
}

async function containers(): Promise<Map<string, Container>> {
  const text = await onDockerVm(own, "docker inspect $(docker ps --all --quiet)");
  const all = JSON.parse(text) as {
    Name: string;
    RestartCount: number;
    State: {
      Status: string;
      StartedAt: string;
      Health?: { Log: { ExitCode: number; End: string }[] | null };
    };
  }[];
  return new Map(
    all.map(({ Name, RestartCount, State }) => {
      const passed = State.Health?.Log?.find(({ ExitCode }) => ExitCode === 0);
      const name = Name.slice(1);
      const container = {
        name,
        status: State.Status,
        restarts: RestartCount,
        startedAt: Date.parse(State.StartedAt),
        healthyAt: passed && Date.parse(passed.End),
      };
      return [name, container];
    }),
  );
}

/** Fails when a container was started before something it cannot run without was healthy. */
async function expectOrder(): Promise<void> {
  const all = await containers();
  for (const { name, waits } of services.values()) {
    for (const { on, condition, hard } of waits) {
      const needed = all.get(on);
      const started = all.get(name);
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
    expect(await powerCut()).toBe("active");
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
      expect(await powerCut()).toBe("failed");
      const now = await running();
      expect(now).toEqual(everything.filter((name) => !belowMounts.includes(name)));
      expect(now).toContain("frigate");
      await expectOrder();
      expect(await filesBelowMounts()).toBe("");
    },
    (MOUNT_LIMIT_SECONDS + 180) * 1000,
  );

  it("is whole again once the NAS is back and its unit was run", async () => {
    await setExports(own, "served");
    await onDockerVm(own, `systemctl restart ${BOOT_UNIT}`);
    expect(await running()).toEqual(everything);
    // Frigate ran without its mount; it was started anew, and sees it.
    expect(
      await onDockerVm(
        own,
        "docker exec frigate /bin/sh -c 'touch /mnt/nas/frigate/seen'; ls /mnt/nas/frigate",
      ),
    ).toContain("seen");
  });
});

describe("an engine that restarts on a running machine", () => {
  it("has its containers started in order too", async () => {
    await onDockerVm(own, "systemctl restart docker");
    expect(await unitEnds()).toBe("active");
    expect(await running()).toEqual(everything);
    await expectOrder();
  });
});
