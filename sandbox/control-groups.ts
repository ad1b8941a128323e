// Each part of the sandbox (supervisor, registry, every machine, the `up` at work) runs in a control group of its own
// name. That is what makes "everything that belongs to this sandbox" a question to the kernel: a
// `down` finds every process, also those of an `up` that was killed half way.
import { mkdir, readFile, readdir, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HostError } from "../model/errors.ts";

/** Name of the control group of one part, e.g. "homelab-1a2b3c-vps". */
export function groupName(id: string, part: string): string {
  return `homelab-${id}-${part}`;
}

/** Mount points of the control group hierarchies in the text of /proc/self/mountinfo. */
export function hierarchies(mountinfo: string): string[] {
  const found: string[] = [];
  for (const line of mountinfo.split("\n")) {
    const point = line.split(" ")[4];
    const type = line.split(" - ")[1]?.split(" ")[0];
    if (point?.startsWith("/sys/fs/cgroup") && (type === "cgroup" || type === "cgroup2")) {
      found.push(point);
    }
  }
  return found;
}

async function currentHierarchies(): Promise<string[]> {
  return hierarchies(await readFile("/proc/self/mountinfo", "utf8"));
}

/** Makes a part's control group in every hierarchy and answers the folders. */
async function createGroup(name: string): Promise<string[]> {
  const folders: string[] = [];
  for (const hierarchy of await currentHierarchies()) {
    await handControllersDown(hierarchy);
    const folder = join(hierarchy, name);
    await mkdir(folder, { recursive: true });
    // A version 1 cpuset begins empty and takes no process until it is filled.
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
      const value = await readFile(join(hierarchy, file), "utf8").catch(() => "");
      if (value.trim() !== "") await writeFile(join(folder, file), value).catch(() => undefined);
    }
    folders.push(folder);
  }
  return folders;
}

/** Version 2 gives a group only what its parent hands down; a limit needs its controller there. */
async function handControllersDown(hierarchy: string): Promise<void> {
  const controllers = await readFile(join(hierarchy, "cgroup.controllers"), "utf8").catch(() => "");
  for (const controller of controllers.split(/\s+/).filter((one) => one !== "")) {
    // One at a time: a controller that cannot be handed down must not keep the others back.
    await writeFile(join(hierarchy, "cgroup.subtree_control"), `+${controller}`).catch(
      () => undefined,
    );
  }
}

/** Enters every group named before "--", then becomes the program after it. */
const ENTER_GROUPS = `while [ "$1" != -- ]; do echo 0 > "$1/cgroup.procs" || exit 97; shift; done; shift; exec "$@"`;

/** Makes the control group `name` and answers the argv that runs `argv` inside it. */
export async function insideGroup(name: string, argv: readonly string[]): Promise<string[]> {
  const folders = await createGroup(name);
  return ["sh", "-c", ENTER_GROUPS, "enter", ...folders, "--", ...argv];
}

/** Puts this process and all that it starts from now on into the control group `name`. */
export async function enterGroup(name: string): Promise<void> {
  for (const folder of await createGroup(name)) {
    await writeFile(join(folder, "cgroup.procs"), `${process.pid}`);
  }
}

/** Process ids in the group `name` and the groups below it. */
export async function processesIn(name: string): Promise<number[]> {
  const ids = new Set<number>();
  for (const hierarchy of await currentHierarchies()) {
    await collectProcesses(join(hierarchy, name), ids);
  }
  return [...ids];
}

async function collectProcesses(folder: string, ids: Set<number>): Promise<void> {
  const text = await readFile(join(folder, "cgroup.procs"), "utf8").catch(() => "");
  for (const line of text.split("\n")) {
    // 0 stands for a process of another process namespace that is just leaving.
    if (Number(line) > 1) ids.add(Number(line));
  }
  for (const child of await childFolders(folder)) await collectProcesses(child, ids);
}

async function childFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
}

/** Names of this sandbox's control groups that exist now. */
export async function existingGroups(id: string): Promise<string[]> {
  const names = new Set<string>();
  for (const hierarchy of await currentHierarchies()) {
    for (const entry of await readdir(hierarchy).catch(() => [])) {
      if (entry.startsWith(groupName(id, ""))) names.add(entry);
    }
  }
  return [...names];
}

/** How long the kernel may take to end killed processes. */
const KILL_SECONDS = 20;

/**
 * Kills every process of a group at once, as a power cut would, and removes the group.
 * @throws HostError when a process does not end
 */
export async function endGroup(name: string): Promise<void> {
  const deadline = Date.now() + KILL_SECONDS * 1000;
  for (;;) {
    const ids = await processesIn(name);
    if (ids.length === 0) break;
    if (Date.now() > deadline) {
      throw new HostError(
        "HL-SANDBOX-KILL",
        "this computer",
        `processes ${ids.slice(0, 5).join(", ")} of ${name} did not end within ${KILL_SECONDS} s`,
      );
    }
    for (const id of ids) killQuietly(id);
    await sleep(50);
  }
  for (const hierarchy of await currentHierarchies()) await removeTree(join(hierarchy, name));
}

async function removeTree(folder: string): Promise<void> {
  for (const child of await childFolders(folder)) await removeTree(child);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      await rmdir(folder);
      return;
    } catch (error) {
      if (isMissing(error)) return;
      // Busy for a moment after its last process ended.
      await sleep(50);
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function killQuietly(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It ended by itself between the reading and the killing.
  }
}
