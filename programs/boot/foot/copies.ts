// When the backup jobs of this host last made a good copy, by the records in their volumes.
import { constants } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Look, verifiedCopy } from "../../../control-plane/contract/events.ts";
import { readAs } from "../../../control-plane/contract/read-as.ts";
import { asLine, thingName } from "../../../control-plane/contract/words.ts";
import { COPY_RECORDS, jobOfVolume } from "../../../model/copy-record.ts";
import type { Engine } from "../engine.ts";

/** What is known of a job's copies. */
export interface Copy {
  /** When the last good one was made, in seconds since 1970; null where there is none yet. */
  readonly made: number | null;
  /** What came of the last restore that was compared; null where none was. */
  readonly verified: z.infer<typeof verifiedCopy> | null;
  /** Why the last run was no good one; undefined where it was. */
  readonly failed: string | undefined;
}

/** What is known, by job. */
export type Copies = ReadonlyMap<string, Copy>;

const LIST_MS = 10_000;
/** The contract has room for so many. */
const MOST_JOBS = 500;
/** What is looked for stands in the first lines. */
const READ_BYTES = 4096;

const volumesSchema = z.object({
  Volumes: z.array(z.object({ Name: z.string(), Mountpoint: z.string() })).nullable(),
});

/**
 * Folders of the records, by job.
 * @param services of the host plan; another's volume may be called anything
 * @returns undefined where the engine does not say
 */
export async function copyFolders(
  engine: Pick<Engine, "get">,
  services: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string> | undefined> {
  const answer = await engine.get("/volumes", LIST_MS).catch(() => undefined);
  const listed = answer?.status === 200 ? readAs(volumesSchema, answer.text) : undefined;
  const folders = listed?.Volumes?.flatMap(({ Name, Mountpoint }) => {
    const job = jobOfVolume(Name);
    const isOurs = job !== undefined && services.has(job) && thingName.safeParse(job).success;
    return isOurs ? [[job, Mountpoint] as const] : [];
  });
  return folders && new Map(folders.slice(0, MOST_JOBS));
}

/**
 * What the records say. A job of which nobody can tell is left out: that is not "never".
 * @param verified where a job's record of compared restores stands
 */
export async function readCopies(
  folders: ReadonlyMap<string, string>,
  verified: (job: string) => string,
): Promise<Copies> {
  const read = await Promise.all(
    [...folders].map(async ([job, folder]) => {
      const runs = await runsIn(folder);
      return runs === undefined
        ? []
        : [[job, { ...runs, verified: await verifiedIn(verified(job)) }] as const];
    }),
  );
  return new Map(read.flat());
}

/** Whether nothing new is known. */
export function isSameCopy(one: Copy | undefined, other: Copy): boolean {
  const isSameRun = one?.made === other.made && one.failed === other.failed;
  return isSameRun && one?.verified?.at === other.verified?.at;
}

/** Copies with their ages. A clock that was put back makes none younger than new. */
export function agesOf(copies: Copies, now: number): Look["backups"] {
  return [...copies].map(([job, { made, verified, failed }]) => ({
    job,
    ageSeconds: made === null ? null : Math.max(0, Math.round(now / 1000 - made)),
    verified,
    ...(failed !== undefined && { failed }),
  }));
}

/** The record that `homelab backup verify` leaves; null where there is none. */
async function verifiedIn(path: string): Promise<Copy["verified"]> {
  const text = await firstOf(path);
  const read = text === undefined ? undefined : readAs(verifiedRecordSchema, text);
  return read ? { at: new Date(read.at).toISOString(), good: read.good } : null;
}

const verifiedRecordSchema = z.object({ at: z.iso.datetime(), good: z.boolean() });

/** Undefined where nobody can tell when the last good one was. */
async function runsIn(folder: string): Promise<Omit<Copy, "verified"> | undefined> {
  const text = (name: string): Promise<string | undefined> => firstOf(join(folder, name));
  const [since, lastRun, lastGood] = await Promise.all(
    [COPY_RECORDS.since, COPY_RECORDS.lastRun, COPY_RECORDS.lastGood].map(text),
  );
  const found = [lastRun, lastGood].flatMap((record) => goodIn(record ?? "") ?? []);
  const failed = failureIn(lastRun ?? "");
  if (found.length > 0) return { made: Math.max(...found), failed };
  const isNew = lastRun === undefined && lastGood === undefined && since !== undefined;
  // A run that failed took the place of what was known, unless good ones are kept apart.
  return lastGood === "" || isNew ? { made: null, failed } : undefined;
}

/** What a run that was not good says of itself. */
function failureIn(record: string): string | undefined {
  if (!/^result=failed$/m.test(record)) return undefined;
  return asLine(/^message=(.*)$/m.exec(record)?.[1] ?? "");
}

/** When a run that was good ended. */
function goodIn(record: string): number | undefined {
  if (!/^result=ok$/m.test(record)) return undefined;
  const finished = /^finished=(\d{1,12})$/m.exec(record)?.[1];
  return finished === undefined ? undefined : Number(finished);
}

/**
 * The beginning of a file that a container wrote, which may have put anything in its place: a link
 * leads nowhere, and nothing else is opened, for that alone can wake who waits at a pipe, or a device.
 */
async function firstOf(path: string): Promise<string | undefined> {
  if ((await lstat(path).catch(() => undefined))?.isFile() !== true) return undefined;
  // It may be another one by now.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(() => undefined);
  try {
    if (!file || !(await file.stat()).isFile()) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(READ_BYTES), 0, READ_BYTES, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
}
