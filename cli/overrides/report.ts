import { z } from "zod";

const hostReport = z.strictObject({
  host: z.string(),
  /** Why nobody knows; null when the host answered. */
  away: z.string().nullable(),
  overridden: z.array(
    z.strictObject({
      service: z.string(),
      /** Path of the file that says so, on the host. */
      file: z.string(),
      line: z.number().optional(),
      column: z.number().optional(),
      /** Key of the service in that file, e.g. "environment.TZ". */
      key: z.string(),
      /** As it is declared; null where nothing is. */
      old: z.string().nullable(),
      next: z.string(),
    }),
  ),
  mistakes: z.array(
    z.strictObject({
      file: z.string(),
      /** Absent when it is about the file as a whole. */
      line: z.number().optional(),
      /** Absent where the line alone is said. */
      column: z.number().optional(),
      /** Place in the file; "" for the file as a whole. */
      path: z.string(),
      /** What is wrong and what to write instead. */
      message: z.string(),
    }),
  ),
});

/** Schema of `homelab overrides --json`. */
export const overridesReportSchema = z.strictObject({
  version: z.literal(1),
  /** 0 all of it is sound, 2 there are mistakes, 1 a host is away. */
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  hosts: z.array(hostReport),
});

/** What a person overrides on all hosts that were asked for. */
export type OverridesReport = z.infer<typeof overridesReportSchema>;
/** What a person overrides on one host. */
export type HostOverrides = OverridesReport["hosts"][number];

/** The answers of all hosts as one. */
export function overridesReport(hosts: readonly HostOverrides[]): OverridesReport {
  const isAway = hosts.some(({ away }) => away !== null);
  const isWrong = hosts.some(({ mistakes }) => mistakes.length > 0);
  return { version: 1, exitCode: isAway ? 1 : isWrong ? 2 : 0, hosts: [...hosts] };
}
