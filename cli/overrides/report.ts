import { z } from "zod";

const hostReport = z.strictObject({
  host: z.string(),
  away: z.string().nullable().describe("Why nobody knows; null when the host answered."),
  overridden: z.array(
    z.strictObject({
      service: z.string(),
      file: z.string().describe("Path of the file that says so, on the host."),
      line: z.number().optional(),
      column: z.number().optional(),
      key: z.string().describe('Key of the service in that file, e.g. "environment.TZ".'),
      old: z.string().nullable().describe("As it is declared; null where nothing is."),
      next: z.string(),
    }),
  ),
  mistakes: z.array(
    z.strictObject({
      file: z.string(),
      line: z.number().optional().describe("Absent when it is about the file as a whole."),
      column: z.number().optional().describe("Absent where the line alone is said."),
      path: z.string().describe('Place in the file; "" for the file as a whole.'),
      message: z.string().describe("What is wrong and what to write instead."),
    }),
  ),
});

/** Schema of `homelab overrides --json`. */
export const overridesReportSchema = z.strictObject({
  version: z.literal(1),
  exitCode: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .describe("0 all of it is sound, 2 there are mistakes, 1 a host is away."),
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
