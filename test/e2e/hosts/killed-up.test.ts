// `pulumi up` that is killed at once, as by a laptop that runs out of power, and the commands that
// its person types then.
import { readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { projectPaths } from "../../../sandbox/project.ts";
import { containers, homelab, on, openLab, preview, pulumi, up, type Lab } from "../support/lab.ts";
import { declaredHost } from "../support/declared.ts";
import { plannedChanges } from "../support/planned-changes.ts";

const HOST = "nas";

let lab: Lab;
let declared: readonly string[];
beforeAll(async () => {
  lab = await openLab();
  declared = (await declaredHost(lab, HOST)).services.map(({ name }) => name);
});

/** Whether a deployment of the host has Pulumi's lock. */
async function isLocked(): Promise<boolean> {
  const { state } = projectPaths(lab.settings.folder);
  const locks = join(state, ".pulumi/locks/organization/homelab", HOST);
  return (await readdir(locks).catch(() => [])).length > 0;
}

/**
 * Deploys from nothing, and kills that when it has its lock and so many containers are there: the
 * plugins of a killed one go on for a while, so containers alone do not tell how far this one came.
 */
async function killedUp(count: number): Promise<void> {
  await on(lab, HOST, `docker rm --force ${declared.join(" ")}`);
  const args = ["up", "--yes", "--skip-preview", "--stack", HOST, "--non-interactive"];
  // Its plugins outlive it by some minutes, and would hold a pipe open.
  const options = { env: lab.env, cwd: "/", stdio: "ignore", reject: false } as const;
  const deployment = execa("pulumi", args, options);
  const there = async () => ((await isLocked()) ? (await containers(lab, HOST)).size : 0);
  await expect.poll(there, { timeout: 120_000, interval: 200 }).toBeGreaterThanOrEqual(count);
  deployment.kill("SIGKILL");
  expect((await deployment).signal).toBe("SIGKILL");
}

describe("a deployment that is killed while it makes containers", () => {
  it.each([1, 4, 8])(
    "of which %i are there leaves a lock, which a person takes away with pulumi cancel",
    async (count) => {
      await killedUp(count);
      let locked = await up(lab, HOST);
      // In one of some hundred cases it is killed while it writes, see below.
      if (locked.output.includes("failed to load checkpoint")) {
        expect((await homelab(lab, ["unlock", HOST])).code).toBe(0);
        locked = await up(lab, HOST);
      }
      expect(locked.code).not.toBe(0);
      expect(locked.output).toContain("the stack is currently locked");
      const cancelled = await pulumi(lab, ["cancel", "--yes", "--stack", HOST]);
      expect(cancelled.code, cancelled.output).toBe(0);
    },
  );

  it("leaves a state that cannot be read when it was just being written, and unlock mends it", async () => {
    const state = join(projectPaths(lab.settings.folder).state, ".pulumi/stacks/homelab");
    await truncate(join(state, `${HOST}.json.attrs`));
    expect((await preview(lab, HOST)).output).toContain("failed to load checkpoint");
    const mended = await homelab(lab, ["unlock", HOST]);
    expect(mended.code, mended.output).toBe(0);
    expect(mended.output).toContain(`${HOST}.json.attrs`);
  });

  it("is finished by the next one, and nothing is left to do", async () => {
    const { code, output } = await up(lab, HOST);
    expect(code, output).toBe(0);
    const running = await containers(lab, HOST);
    expect([...running.keys()].sort()).toEqual(declared.toSorted());
    expect([...running].filter(([, status]) => !status.includes("(healthy)"))).toEqual([]);
    expect(await plannedChanges(lab, HOST)).toEqual([]);
  });
});
