import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MACHINES } from "../../../sandbox/addresses.ts";
import { groupName, processesIn } from "../../../sandbox/control-groups.ts";
import { down } from "../../../sandbox/down.ts";
import { up } from "../../../sandbox/up.ts";
import { bootTime, homelabSandbox, kernelState, onOwn, own, usersSide } from "./own-sandbox.ts";

const NOTHING = {
  processes: [],
  mounts: [],
  interfaces: [],
  addresses: [],
  groups: [],
  folders: [],
};

let before: Awaited<ReturnType<typeof usersSide>>;

beforeAll(async () => {
  await down({ settings: own });
  before = await usersSide();
});

afterAll(() => down({ settings: own }));

describe("a sandbox that comes up", () => {
  beforeAll(() => up({ settings: own, images: false }));

  it.each(MACHINES)(
    "has %s with a systemd that is content and an engine of 25 or newer",
    async (machine) => {
      expect(await onOwn(machine, "systemctl", "is-system-running")).toBe("running");
      const version = await onOwn(machine, "docker", "version", "--format", "{{.Server.Version}}");
      expect(Number.parseInt(version, 10)).toBeGreaterThanOrEqual(25);
    },
  );

  it("changes nothing when it is told to come up again", async () => {
    const boots = () => Promise.all(MACHINES.map(bootTime));
    const supervisor = () => processesIn(groupName(own.id, "supervisor"));
    const [booted, supervised] = [await boots(), await supervisor()];
    await up({ settings: own, images: false });
    expect(await boots()).toEqual(booted);
    const after = await supervisor();
    expect(after).not.toEqual([]);
    // A helper that Node started to load the program may have ended meanwhile.
    expect(supervised).toEqual(expect.arrayContaining(after));
  });

  it("adds no route, firewall rule or forwarding to the user's side", async () => {
    expect(await usersSide()).toEqual(before);
  });

  it("refuses a second up while one is at work", async () => {
    const first = homelabSandbox("up", "--no-images");
    const second = homelabSandbox("up", "--no-images");
    const codes = [(await first).exitCode, (await second).exitCode];
    expect(codes.sort()).toEqual([0, 2]);
  });

  it("says in its status that all is well", async () => {
    const { stdout } = await homelabSandbox("status", "--json");
    const found = JSON.parse(stdout) as { machines: { system: string }[]; registry: boolean };
    expect(found).toMatchObject({ exists: true, supervisor: true, registry: true });
    expect(found.machines.map(({ system }) => system)).toEqual(["running", "running", "running"]);
  });

  it("passes a remote command's output and exit code on", async () => {
    const result = await homelabSandbox("exec", "nas", "--", "sh", "-c", "echo 'a  b'; exit 7");
    expect(result.stdout).toBe("a  b");
    expect(result.exitCode).toBe(7);
  });
});

it("leaves nothing behind when it goes down", async () => {
  await up({ settings: own, images: false });
  expect((await kernelState()).processes).not.toEqual([]);
  await down({ settings: own });
  expect(await kernelState()).toEqual(NOTHING);
  expect(await usersSide()).toEqual(before);
});

describe("an up that is killed", () => {
  // From before the first file to after the last boot.
  const MOMENTS = [300, 900, 1500, 2200, 3000, 4000];

  it.each(MOMENTS)("after %d ms is finished by the next", async (milliseconds) => {
    await down({ settings: own });
    const first = homelabSandbox("up", "--no-images");
    setTimeout(() => first.kill("SIGKILL"), milliseconds);
    await first;
    await up({ settings: own, images: false });
    for (const machine of MACHINES) expect(await onOwn(machine, "hostname")).toBe(machine);
  });

  it.each(MOMENTS)("after %d ms leaves nothing that down does not find", async (milliseconds) => {
    await down({ settings: own });
    const first = homelabSandbox("up", "--no-images");
    setTimeout(() => first.kill("SIGKILL"), milliseconds);
    await first;
    await down({ settings: own });
    // What a killed up has started must not write again after it was taken down.
    await sleep(2000);
    expect(await kernelState()).toEqual(NOTHING);
  });
});

it("brings the machines back when the supervisor was killed", async () => {
  await up({ settings: own, images: false });
  for (const id of await processesIn(groupName(own.id, "supervisor"))) process.kill(id, "SIGKILL");
  for (const id of await processesIn(groupName(own.id, "nas"))) killIfThere(id);
  await up({ settings: own, images: false });
  expect(await onOwn("nas", "hostname")).toBe("nas");
});

function killIfThere(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // Ended with its machine's first process.
  }
}
