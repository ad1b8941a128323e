import { SIDECAR_PATHS } from "../../components/backup/job-paths.ts";
import { after } from "../host-answer.ts";
import { snapshotsIn, type Snapshot } from "./copies.ts";

/** One file, in the copy or live. */
export interface FileFacts {
  readonly sum: string;
  /** Last change of content, seconds since 1970. */
  readonly modified: number;
  /** Last change of anything, also by a restore. */
  readonly changed: number;
  readonly bytes: number;
}

/** What the script on the host found. */
export type Restored =
  | { readonly kind: "stopped" | "none" }
  | { readonly kind: "problem"; readonly message: string }
  | { readonly kind: "space"; readonly neededBytes: number; readonly freeBytes: number }
  | {
      readonly kind: "restored";
      readonly snapshot: Snapshot;
      /** By the path that the file has in the sidecar. */
      readonly copy: ReadonlyMap<string, FileFacts>;
      readonly live: ReadonlyMap<string, FileFacts>;
    };

/** Reads the lines of the script. */
export function parseRestored(output: string): Restored {
  const lines = output.split("\n");
  const first = lines[0] ?? "";
  if (first === "stopped" || first === "none") return { kind: first };
  const problem = lines.find((line) => line.startsWith("problem "));
  if (problem !== undefined) return { kind: "problem", message: problem.slice("problem ".length) };
  const space = lines.find((line) => line.startsWith("space "));
  if (space !== undefined) {
    const [, needed, freeKib] = space.split(" ");
    return { kind: "space", neededBytes: Number(needed), freeBytes: Number(freeKib) * 1024 };
  }
  const [snapshot] = snapshotsIn(after(lines, "snapshot"));
  if (snapshot === undefined || !lines.includes("end")) {
    return { kind: "problem", message: "the restore was cut short" };
  }
  return {
    kind: "restored",
    snapshot,
    copy: filesIn(lines, "copy", (path) => path.replace(/^\./, "")),
    live: filesIn(lines, "live", (path) => path),
  };
}

function filesIn(
  lines: readonly string[],
  side: string,
  named: (path: string) => string,
): Map<string, FileFacts> {
  const sums = new Map<string, string>();
  const files = new Map<string, FileFacts>();
  for (const line of lines) {
    const sum = new RegExp(`^${side}-sum \\\\?([0-9a-f]{64}) [ *](.*)$`).exec(line);
    if (sum) sums.set(named(sum[2] ?? ""), sum[1] ?? "");
    const stat = new RegExp(`^${side}-stat (\\d+) (\\d+) (\\d+) (.*)$`).exec(line);
    if (!stat) continue;
    const path = named(stat[4] ?? "");
    files.set(path, {
      sum: sums.get(path) ?? "",
      modified: Number(stat[1]),
      changed: Number(stat[2]),
      bytes: Number(stat[3]),
    });
  }
  return files;
}

/** How a copy compares with what is live now. */
export interface Comparison {
  readonly identical: number;
  readonly bytes: number;
  /** Written, made or removed after the copy was made; no fault of the copy. */
  readonly changedSince: number;
  /** Left out as declared. */
  readonly excluded: number;
  /** Not changed since, and yet different in the copy. */
  readonly damaged: readonly string[];
  /** There when the copy was made, and not in it. */
  readonly missing: readonly string[];
  /** Dumps without content. */
  readonly empty: readonly string[];
}

/** Compares file by file. A difference counts only where the live file is older than the copy. */
export function compare(
  restored: Extract<Restored, { kind: "restored" }>,
  excludes: readonly string[],
): Comparison {
  const { copy, live, snapshot } = restored;
  const copied = snapshot.time.getTime() / 1000;
  const stage = SIDECAR_PATHS.sqliteCopies;
  const databases: string[] = [];
  let identical = 0;
  let bytes = 0;
  let changedSince = 0;
  const damaged: string[] = [];
  const empty: string[] = [];
  for (const [path, file] of copy) {
    const staged = path.startsWith(`${stage}/`);
    const own = staged ? path.slice(stage.length) : path;
    if (staged) databases.push(own);
    if (file.bytes === 0 && own.startsWith(`${SIDECAR_PATHS.dumps}/`)) empty.push(own);
    bytes += file.bytes;
    const now = live.get(own);
    if (now?.sum === file.sum && file.sum !== "") identical += 1;
    // SQLite files were copied aside a moment before the snapshot began.
    else if (
      !now ||
      Math.max(now.changed, now.modified) >= Math.floor(staged ? file.modified : copied)
    )
      changedSince += 1;
    else damaged.push(own);
  }
  const left = [...live].filter(([path]) => !copy.has(path) && !copy.has(stage + path));
  const isExcluded = (path: string): boolean =>
    excludes.some((pattern) => matches(pattern, path)) ||
    databases.some((file) => path.startsWith(`${file}-`));
  const excluded = left.filter(([path]) => isExcluded(path));
  const missing = left.filter(
    ([path, file]) => !isExcluded(path) && file.changed < Math.floor(copied),
  );
  return {
    identical,
    bytes,
    changedSince: changedSince + left.length - excluded.length - missing.length,
    excluded: excluded.length,
    damaged,
    missing: missing.map(([path]) => path),
    empty,
  };
}

/** Whether a copy can be relied on. */
export function isGood({ damaged, missing, empty }: Comparison): boolean {
  return damaged.length + missing.length + empty.length === 0;
}

/** Patterns as a CopyJob writes them: one without a leading slash matches at any depth, and what lies below. */
function matches(pattern: string, path: string): boolean {
  const text = pattern
    .split(/(\*\*|\*|\?)/)
    .map((part) => {
      if (part === "**") return ".*";
      if (part === "*") return "[^/]*";
      return part === "?" ? "[^/]" : part.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
    })
    .join("");
  return new RegExp(`${pattern.startsWith("/") ? "^" : "(^|/)"}${text}(/|$)`).test(path);
}
