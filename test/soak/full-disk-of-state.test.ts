// The disk of Pulumi's state is full, and somebody deploys a host. The state is a copy of the sandbox's.
import { cp, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployReportSchema } from "../../deploy/staged/report.ts";
import { projectPaths } from "../../sandbox/project.ts";
import {
  containerIds,
  containers,
  homelabJson,
  on,
  openLab,
  type Lab,
} from "../e2e/support/lab.ts";
import { plannedChanges } from "../e2e/support/planned-changes.ts";
import { smallDisk, type SmallDisk } from "../e2e/full-disk/small-disk.ts";

const HOST = "nas";
const STACKS = ".pulumi/stacks/homelab";

let lab: Lab;
let disk: SmallDisk;
let sandboxState: string;
/** Before somebody removed one by hand. */
let ids: Record<string, string>;

beforeAll(async () => {
  const shared = await openLab();
  disk = smallDisk(32 * 1024);
  lab = { ...shared, env: { ...shared.env, PULUMI_BACKEND_URL: `file://${disk.host}` } };
  sandboxState = projectPaths(shared.settings.folder).state;
  await mkdir(join(disk.host, STACKS), { recursive: true });
  await cp(join(sandboxState, ".pulumi/meta.yaml"), join(disk.host, ".pulumi/meta.yaml"));
  await cp(join(sandboxState, STACKS), join(disk.host, STACKS), { recursive: true });
  ids = await containerIds(lab, HOST);
});
afterAll(async () => {
  disk.makeRoom();
  await cp(join(disk.host, STACKS), join(sandboxState, STACKS), { recursive: true });
  disk.unmount();
});

async function deploy(...words: string[]) {
  const { code, answer } = await homelabJson(lab, ["deploy", HOST, "--offline", ...words]);
  const [outcome] = deployReportSchema.parse(answer).hosts;
  if (!outcome) throw new Error("the report has no host");
  return { code, outcome };
}

/** The state as it lies on the disk. */
function state(): Promise<string> {
  return readFile(join(disk.host, STACKS, `${HOST}.json`), "utf8");
}

describe("a deployment whose state has a disk", () => {
  it("that is full to the last page ends with one message, and leaves state and containers as they were", async () => {
    const before = await state();
    disk.leave(0, "pages");
    const { code, outcome } = await deploy("--full");
    expect({ code, stage: outcome.stage }).toEqual({ code: 1, stage: "deploy" });
    expect(outcome.error?.code).toBe("HL-PULUMI");
    expect(outcome.error?.message).toMatch(/no space left on device/);
    expect(outcome.error?.message).toContain(`make room in ${disk.host} (`);
    expect(await state()).toBe(before);
    expect(await containerIds(lab, HOST)).toEqual(ids);
  });

  it("that has room for Pulumi's lock and not for its state touches no other container, and tears no state", async () => {
    await on(lab, HOST, "docker rm --force glances");
    disk.leave(8, "pages");
    const { code, outcome } = await deploy("--full");
    expect(code).toBe(1);
    expect(outcome.error?.message).toMatch(/no space left on device/);
    const left: unknown = JSON.parse(await state());
    expect(left).toMatchObject({ version: 3 });
    const after = await containerIds(lab, HOST);
    const { glances: _, ...others } = ids;
    expect(after).toMatchObject(others);
  });

  it("that has room again is deployed by --resume, and nothing is left to do", async () => {
    disk.makeRoom();
    const { code, outcome } = await deploy("--resume");
    expect(code, JSON.stringify(outcome, undefined, 2)).toBe(0);
    const running = await containers(lab, HOST);
    expect([...running].filter(([, status]) => !status.includes("(healthy)"))).toEqual([]);
    expect(await plannedChanges(lab, HOST)).toEqual([]);
  });
});
