import { counted } from "../../model/counted.ts";
import { after } from "../host-answer.ts";
import { nameOf } from "./jobs.ts";
import type { Place } from "./places.ts";
import type { PlannedRestore } from "./restore-plan.ts";

/** What the script on the host did. */
export interface RestoreResult {
  readonly complete: boolean;
  /** Why not, and what could not be undone. */
  readonly problems: readonly string[];
  readonly stopped: readonly string[];
  readonly started: readonly string[];
  readonly unstarted: readonly { readonly name: string; readonly reason: string }[];
  /** By the place's source: where what was in it lies now. */
  readonly kept: ReadonlyMap<string, string>;
}

/** Reads the lines of the script. */
export function parseRestore(output: string, places: readonly Place[]): RestoreResult {
  const lines = output.split("\n");
  return {
    complete: lines.includes("end"),
    problems: [
      ...(lines.includes("stopped") ? ["the backup container does not run any more"] : []),
      ...after(lines, "problem"),
    ],
    stopped: after(lines, "stopped"),
    started: after(lines, "started"),
    unstarted: after(lines, "unstarted").map((line) => {
      const [name = "", ...reason] = line.split(" ");
      return { name, reason: reason.join(" ") };
    }),
    kept: new Map(
      after(lines, "kept").map((line) => {
        const [index = "", ...path] = line.split(" ");
        return [places[Number(index)]?.source ?? index, path.join(" ")];
      }),
    ),
  };
}

/** For a person: what is back, and what is left to do. */
export function doneText({ job, snapshot, places }: PlannedRestore, done: RestoreResult): string {
  const still = done.stopped.filter((name) => !done.started.includes(name));
  const { host } = job.job;
  return [
    ...places.map(
      ({ source, copy }) =>
        `${source} is back as of snapshot ${snapshot.id}: ${counted(copy?.files ?? 0, "file")}.`,
    ),
    ...[...done.kept].map(
      ([source, path]) =>
        `What was in ${source} is kept; remove it when you do not need it: ssh ${host} rm -r ${path}`,
    ),
    ...(done.started.length > 0
      ? [`Started again: ${done.started.join(", ")}. Now: npx homelab check ${host}`]
      : []),
    ...(still.length > 0
      ? [`Left stopped; when you have looked: ssh ${host} docker start ${still.join(" ")}`]
      : []),
  ].join("\n");
}

/** For programs. */
export function doneJson({ job, snapshot, places }: PlannedRestore, done: RestoreResult) {
  return {
    job: nameOf(job.job),
    snapshot,
    restored: places.map(({ source, copy }) => ({ source, ...copy, kept: done.kept.get(source) })),
    stopped: done.stopped,
    started: done.started,
  };
}
