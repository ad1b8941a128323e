// A file system of its own, so small that it can be filled to the last page or to the last file.
import { execFileSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostShell } from "../../../deploy/staged/host-files.ts";
import { placesBelow, type Places } from "../../../deploy/staged/places.ts";
import { localHost } from "../../deploy/staged/local-host.ts";

/** What a disk can be short of: room in its files, or files. */
export const SHORT_OF = ["pages", "files"] as const;
export type ShortOf = (typeof SHORT_OF)[number];

/** A disk. Everything but what fills it lies in one folder. */
export interface SmallDisk {
  /** Folder that stands for a host. */
  readonly host: string;
  readonly places: Places;
  readonly shell: HostShell;
  /** Leaves room for so many pages or files, and no more. */
  readonly leave: (count: number, of: ShortOf) => void;
  /** Takes away what fills it. */
  readonly makeRoom: () => void;
  /** Takes away everything. */
  readonly clear: () => void;
  /** The files of the host: path below its folder to text. */
  readonly files: () => Record<string, string>;
  readonly unmount: () => void;
}

/**
 * Makes one; needs root.
 * @param kibibytes what it holds. @default more than the small files of some runs
 */
export function smallDisk(kibibytes = 1024): SmallDisk {
  const disk = mkdtempSync(join(tmpdir(), "small-disk-"));
  const options = `size=${kibibytes}k,nr_inodes=400,mode=700`;
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", disk]);
  const host = join(disk, "host");
  const filling = join(disk, "filling");
  const makeRoom = (): void => rmSync(filling, { recursive: true, force: true });
  const clear = (): void => {
    makeRoom();
    rmSync(host, { recursive: true, force: true });
    mkdirSync(host);
  };
  clear();
  return {
    host,
    places: placesBelow(join(host, "root"), join(host, "run/deploying")),
    shell: localHost().shell,
    leave: (count, of) => {
      makeRoom();
      mkdirSync(filling);
      if (of === "pages") leavePages(disk, join(filling, "pages"), count);
      else leaveFiles(disk, filling, count);
    },
    makeRoom,
    clear,
    files: () => Object.fromEntries(filesBelow(host).map((path) => [path, textOf(host, path)])),
    unmount: () => {
      execFileSync("umount", ["--lazy", disk]);
      rmSync(disk, { recursive: true });
    },
  };
}

function leavePages(disk: string, file: string, count: number): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(file, Buffer.alloc((bavail - count) * bsize));
  // What a page of its own took, if anything.
  const over = count - statfsSync(disk).bavail;
  if (over > 0) truncateSync(file, statSync(file).size - over * bsize);
}

function leaveFiles(disk: string, folder: string, count: number): void {
  for (let left = statfsSync(disk).ffree - count; left > 0; left -= 1) {
    closeSync(openSync(join(folder, String(left)), "w"));
  }
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
}

function textOf(folder: string, path: string): string {
  return readFileSync(join(folder, path), "utf8");
}

/**
 * Does something on a disk with room for nothing, then for one more page or file each time, until it
 * succeeds once.
 * @param of what it is short of; undefined where the attempt itself fills the disk
 * @param before makes what is there before
 * @param attempt what is done; ends with an error where there is no room
 * @param failed looks at what is left after an error, still without room
 * @param again looks at what happens when there is room again
 * @returns how often it failed
 */
export async function withEverLessShort(
  disk: SmallDisk,
  of: ShortOf | undefined,
  steps: {
    readonly before: () => Promise<void>;
    readonly attempt: () => Promise<void>;
    readonly failed: (error: unknown, before: Record<string, string>) => Promise<void> | void;
    readonly again: () => Promise<void>;
  },
): Promise<number> {
  for (let room = 0; room < MOST_ROOM; room += 1) {
    disk.clear();
    await steps.before();
    const before = disk.files();
    if (of !== undefined) disk.leave(room, of);
    const error = await steps.attempt().then(
      () => undefined,
      (thrown: unknown) => ({ thrown }),
    );
    if (error === undefined) return room;
    await steps.failed(error.thrown, before);
    disk.makeRoom();
    await steps.again();
  }
  throw new Error(`it does not succeed with room for ${MOST_ROOM} ${of} either`);
}

/** More than a whole run needs. */
const MOST_ROOM = 60;
