import * as z from "zod";

const SCHEMA = z.strictObject({
  runs: z.array(
    z.strictObject({
      service: z.string().regex(/^[a-z-]+\/[a-z0-9-]+$/),
      image: z.string(),
      version: z.string(),
      from: z.string(),
      asked: z.string(),
      healthySeconds: z.number(),
      stoppedSeconds: z.number(),
      stopLimitSeconds: z.number(),
      exitCode: z.number().int(),
      peakMebibytes: z.number(),
      limitMebibytes: z.number(),
      date: z.iso.date(),
    }),
  ),
});

/**
 * One real program that was started as it is declared, asked and stopped: all of it went well, or
 * there is no such record. Written by `make conformance`.
 */
export type ConformanceRun = z.infer<typeof SCHEMA>["runs"][number];

/** Why the real program of an image was not run, by the image's reference. */
export type NotRun = Readonly<Record<string, string>>;

/** The runs that a file holds. @throws ZodError when it holds something else */
export function parseRuns(text: string): readonly ConformanceRun[] {
  return SCHEMA.parse(JSON.parse(text)).runs;
}

/** The text of the file, in an order that does not depend on that of the runs. */
export function runsText(runs: readonly ConformanceRun[]): string {
  const sorted = runs.toSorted((a, b) => a.service.localeCompare(b.service));
  return `${JSON.stringify({ runs: sorted }, null, 2)}\n`;
}

/** The runs known before with those of today in the place of their own. */
export function withRuns(
  before: readonly ConformanceRun[],
  today: readonly ConformanceRun[],
): readonly ConformanceRun[] {
  const anew = new Set(today.map(({ service }) => service));
  return [...before.filter(({ service }) => !anew.has(service)), ...today];
}
