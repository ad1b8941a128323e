import { z } from "zod";
import { after } from "../host-answer.ts";
import { snapshotsIn, type Snapshot } from "./copies.ts";
import { parseVerified, type VerifiedRecord } from "./verified.ts";

/** How much of one place is in a copy. */
export interface CopySize {
  readonly files: number;
  readonly bytes: number;
}

/** What a job's last run left behind. */
export interface LastRun {
  readonly result: "ok" | "failed";
  readonly finished: Date;
  readonly message: string;
}

/** What the script on the host found of one job. */
export interface ListAnswer {
  /** away: nobody can tell what is in the repository, and why; stopped: its container does not run. */
  readonly kind: "found" | "none" | "stopped" | "away";
  readonly reason?: string;
  readonly verified?: VerifiedRecord;
  readonly lastRun?: LastRun;
  /** When the job's state was new on this host. */
  readonly since?: Date;
  /** Newest first. */
  readonly snapshots: readonly Snapshot[];
  /** By the place's index: in the newest copy. */
  readonly has: ReadonlyMap<number, CopySize>;
  /** The same in a copy of about a week before. */
  readonly had: ReadonlyMap<number, CopySize>;
}

/** Reads the lines of the script. */
export function parseList(output: string): ListAnswer {
  const lines = output.split("\n");
  const verified = parseVerified(after(lines, "verified").join("\n"));
  const lastRun = lastRunIn(after(lines, "run"));
  const since = Number(after(lines, "since")[0]);
  const known = {
    ...(verified && { verified }),
    ...(lastRun && { lastRun }),
    ...(since > 0 && { since: new Date(since * 1000) }),
    snapshots: snapshotsIn(after(lines, "all")),
    has: sizes(after(lines, "has")),
    had: sizes(after(lines, "had")),
  };
  if (lines.includes("stopped")) return { kind: "stopped", ...known };
  if (lines.includes("none")) return { kind: "none", ...known };
  const [problem] = after(lines, "problem");
  if (problem !== undefined) return { kind: "away", reason: problem, ...known };
  if (lines.includes("end")) return { kind: "found", ...known };
  return { kind: "away", reason: "the answer was cut short", ...known };
}

const runSchema = z.object({
  result: z.enum(["ok", "failed"]),
  finished: z.coerce.number().positive(),
  message: z.string().default(""),
});

/** "key=value" lines; undefined where a job has not run yet, or was cut off while it wrote them. */
export function lastRunIn(lines: readonly string[]): LastRun | undefined {
  const pairs = lines.map((line) => {
    const at = line.indexOf("=");
    return [line.slice(0, at), line.slice(at + 1)] as const;
  });
  const read = runSchema.safeParse(Object.fromEntries(pairs));
  if (!read.success) return undefined;
  return { ...read.data, finished: new Date(read.data.finished * 1000) };
}

function sizes(lines: readonly string[]): Map<number, CopySize> {
  return new Map(
    lines.map((line) => {
      const [index = 0, files = 0, bytes = 0] = line.split(" ").map(Number);
      return [index, { files, bytes }];
    }),
  );
}
