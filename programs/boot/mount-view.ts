import { createReadStream } from "node:fs";
import { text } from "node:stream/consumers";

/**
 * Whether a process fails to see what is mounted at a path now, although it was given that path: a
 * container that started before the mount came goes on seeing the empty folder below it, and one
 * that started before it came again holds a dead one.
 * @param pid the container's first process
 * @returns false when either of the two cannot be read
 */
export async function isBlindTo(path: string, pid: number): Promise<boolean> {
  const [here, there] = await Promise.all([mountsOf("self"), mountsOf(pid)]);
  const device = here.findLast((mount) => mount.path === path)?.device;
  if (device === undefined || there.length === 0) return false;
  return there.every((mount) => mount.device !== device);
}

interface Mount {
  /** Number that the kernel gives each mounted file system, e.g. "0:52". */
  readonly device: string;
  readonly path: string;
}

async function mountsOf(process: number | "self"): Promise<Mount[]> {
  // Not readFile: Node.js 18 takes the kernel's first 4 KiB of this file for the whole.
  const file = createReadStream(`/proc/${process}/mountinfo`, "utf8");
  return parseMounts(await text(file).catch(() => ""));
}

/** The mounts in a mountinfo file, see proc_pid_mountinfo(5). */
export function parseMounts(mountinfo: string): Mount[] {
  return mountinfo.split("\n").flatMap((line) => {
    const [, , device, , path] = line.split(" ");
    return device === undefined || path === undefined ? [] : [{ device, path }];
  });
}
