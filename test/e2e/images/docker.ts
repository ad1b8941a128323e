// Containers of the image tests: on the NAS of the shared sandbox, all named "image-test-…".
import { readFileSync } from "node:fs";
import { onMachine } from "../../../sandbox/machine.ts";
import { projectPaths } from "../../../sandbox/project.ts";
import { sandboxSettings } from "../../../sandbox/settings.ts";
import type { ImageLock } from "../../../model/image-reference.ts";

export const settings = sandboxSettings();

/** Prefix of everything these tests make. */
export const PREFIX = "image-test-";

/** Digests of the images in the registry. */
export function imageLock(): ImageLock {
  return JSON.parse(readFileSync(projectPaths(settings.folder).imageLock, "utf8")) as ImageLock;
}

/** Runs a command on the NAS and answers what it said, also when it failed. */
export async function onNas(...command: string[]): Promise<{ exitCode: number; output: string }> {
  const answer = await onMachine(settings, "nas", command);
  return { exitCode: answer.exitCode, output: `${answer.stdout}${answer.stderr}`.trim() };
}

/** Runs docker on the NAS. @throws Error with what it said when it fails */
export async function docker(...args: string[]): Promise<string> {
  const { exitCode, output } = await onNas("docker", ...args);
  if (exitCode !== 0) throw new Error(`[nas] docker ${args.join(" ")}: ${output}`);
  return output;
}

/** Starts a container under the house rules, with only the given capabilities. */
export async function start(
  name: string,
  reference: string,
  options: readonly string[] = [],
  capabilities: readonly string[] = [],
): Promise<void> {
  await docker(
    ...["run", "--detach", "--name", PREFIX + name, "--network", `${PREFIX}net`],
    ...["--network-alias", name, "--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
    ...capabilities.flatMap((capability) => ["--cap-add", capability]),
    ...options,
    reference,
  );
}

/** Runs a command in a container and answers its output and exit code. */
export function inside(name: string, ...command: string[]) {
  return onNas("docker", "exec", PREFIX + name, ...command);
}

/** Asks until the question is answered as wanted. @throws Error with the last answer */
export async function until(
  seconds: number,
  ask: () => Promise<{ output: string }>,
  wanted: (output: string) => boolean,
): Promise<string> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const { output } = await ask();
    if (wanted(output)) return output;
    if (Date.now() > deadline) throw new Error(`after ${seconds} s it still answers: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Removes what the tests made. */
export async function removeAll(): Promise<void> {
  for (const [list, remove] of [
    [
      ["ps", "--all", "--quiet", "--filter", `name=${PREFIX}`],
      ["rm", "--force", "--volumes"],
    ],
    [
      ["network", "ls", "--quiet", "--filter", `name=${PREFIX}`],
      ["network", "rm"],
    ],
    [
      ["volume", "ls", "--quiet", "--filter", `name=${PREFIX}`],
      ["volume", "rm"],
    ],
  ] as const) {
    const found = (await docker(...list)).split("\n").filter((line) => line !== "");
    if (found.length > 0) await docker(...remove, ...found);
  }
  await onNas("rm", "-rf", `/root/${PREFIX}secrets`);
}
