// What is mounted on this computer, read from the kernel and not from a note of our own.
import { readFile } from "node:fs/promises";
import { run } from "../hosts/local-command.ts";

/** Mount points in the text of /proc/self/mountinfo that are `folder` or lie below it, deepest first. */
export function mountPointsBelow(mountinfo: string, folder: string): string[] {
  return mountinfo
    .split("\n")
    .map((line) => unescapePath(line.split(" ")[4] ?? ""))
    .filter((point) => point === folder || point.startsWith(`${folder}/`))
    .reverse();
}

/** Whether something is mounted exactly at `path`. */
export async function isMounted(path: string): Promise<boolean> {
  return mountPointsBelow(await readFile("/proc/self/mountinfo", "utf8"), path).includes(path);
}

/** Unmounts everything at and below `folder`, last mounted first. */
export async function unmountBelow(folder: string): Promise<void> {
  for (const point of mountPointsBelow(await readFile("/proc/self/mountinfo", "utf8"), folder)) {
    // Lazy, because a process that is just dying may still hold a file below it.
    await run(["umount", "--lazy", point], { okCodes: [0, 32] });
  }
}

/** The kernel writes a space in a path as \040. */
function unescapePath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
