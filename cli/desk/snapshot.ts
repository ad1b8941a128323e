// What was read on the VPS, as the disk on which the desk's rules look at it.
import type { Disk } from "../../control-plane/disk/disk.ts";

/** What a script of look-script.ts printed. */
export interface Snapshot {
  /** Milliseconds since 1970, by the clock of the VPS. */
  readonly now: number;
  /** Texts by their path below SNAPSHOT_ROOT, as the containers call it. */
  readonly files: ReadonlyMap<string, string>;
}

/** Folder of the runtime state, as the containers call it. */
export const SNAPSHOT_ROOT = "/opt/homelab";

/** Where the containers' `state/` lies on the VPS. */
const STATE = /^state\/control-plane\//;

/** What was printed: "absent" where nothing was ever written, undefined when it was cut short. */
export function snapshotIn(output: string): Snapshot | "absent" | undefined {
  const lines = output.split("\n");
  if (lines[0] === "absent") return "absent";
  const [, seconds] = /^now (\d{1,12})$/.exec(lines[0] ?? "") ?? [];
  if (seconds === undefined || lines.at(-1) !== "end") return undefined;
  const texts = new Map<string, string[]>();
  for (const line of lines.slice(1, -1)) {
    const [, path, text] = /^([^:]+):(.*)$/s.exec(line) ?? [];
    if (path === undefined || text === undefined) continue;
    const name = path.replace(STATE, "state/").replaceAll("//", "/");
    const lines = texts.get(name);
    if (lines) lines.push(text);
    else texts.set(name, [text]);
  }
  const files = [...texts].map(([path, parts]) => [path, `${parts.join("\n")}\n`] as const);
  return { now: Number(seconds) * 1000, files: new Map(files) };
}

/** A disk that holds a snapshot, and keeps what is made on it apart. */
export interface SnapshotDisk extends Disk {
  /** What was made, by its path below SNAPSHOT_ROOT. */
  readonly made: ReadonlyMap<string, string>;
}

/** The disk of a snapshot. Nothing that was read can be changed on it. */
export function diskOf({ files }: Pick<Snapshot, "files">): SnapshotDisk {
  const made = new Map<string, string>();
  const inside = (path: string): string => path.slice(SNAPSHOT_ROOT.length + 1);
  const not = (): never => {
    throw new Error("what was read on the VPS is not changed here");
  };
  return {
    made,
    read: (path) => files.get(inside(path)),
    size: (path) => Buffer.byteLength(files.get(inside(path)) ?? ""),
    list: (folder) => {
      const start = `${inside(folder)}/`;
      const names = [...files.keys()].flatMap((path) => {
        return path.startsWith(start) ? [path.slice(start.length)] : [];
      });
      return names.filter((name) => !name.includes("/")).sort();
    },
    create: (path, text) => {
      if (files.has(inside(path)) || made.has(inside(path))) return false;
      made.set(inside(path), text);
      return true;
    },
    write: not,
    append: not,
    move: not,
    remove: not,
  };
}
