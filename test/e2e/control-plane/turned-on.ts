import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { parse, stringify } from "yaml";
import { HOSTS, type HostName } from "../../../model/host-names.ts";
import { homelab, on, projectFolder, up, type Lab } from "../support/lab.ts";

/** The stack files as they were, by stack. */
export type StackFiles = ReadonlyMap<HostName, string>;

/**
 * Asks for the control plane in the settings of every stack, makes its secrets as a person would,
 * and deploys.
 */
export async function turnOn(lab: Lab): Promise<void> {
  for (const host of HOSTS) {
    const file = stackFile(lab, host);
    const stack = parse(await readFile(file, "utf8")) as { config: Record<string, object> };
    const site = { ...stack.config["homelab:site"], controlPlane: {} };
    const config = { ...stack.config, "homelab:site": site };
    await writeFile(file, stringify({ ...stack, config }));
  }
  const { code, output } = await homelab(lab, ["secrets", "init"]);
  expect(code, output).toBe(0);
  await deployAll(lab);
}

/** Puts the stack files back, and deploys: the hosts are as they were. */
export async function turnOff(lab: Lab, before: StackFiles): Promise<void> {
  await writeStackFiles(lab, before);
  // What a deployment asks for that would give ntfy its port back.
  await on(lab, "vps", "docker rm --force control-plane-ui");
  await deployAll(lab);
}

/** Puts stack files back. */
export async function writeStackFiles(lab: Lab, before: StackFiles): Promise<void> {
  for (const [host, text] of before) await writeFile(stackFile(lab, host), text);
}

/** The stack files as they are now. */
export async function stackFiles(lab: Lab): Promise<StackFiles> {
  const entries = HOSTS.map(
    async (host) => [host, await readFile(stackFile(lab, host), "utf8")] as const,
  );
  return new Map(await Promise.all(entries));
}

async function deployAll(lab: Lab): Promise<void> {
  for (const host of HOSTS) {
    const { code, output } = await up(lab, host);
    expect(code, `[${host}] ${output}`).toBe(0);
  }
}

function stackFile(lab: Lab, host: HostName): string {
  return join(projectFolder(lab), `Pulumi.${host}.yaml`);
}
