import { z } from "zod";

/** What differs. */
const kind = z.enum([
  "host",
  "container",
  "network",
  "volume",
  "files",
  "unit",
  "plan",
  "gate",
  "mesh",
]);

/** How it differs. */
const change = z.enum([
  /** Declared, and not there. */
  "missing",
  /** There, and not declared. */
  "extra",
  /** Does not run. */
  "stopped",
  /** Runs, and its check does not pass. */
  "unhealthy",
  /** There, and not as declared. */
  "changed",
  /** Made anew by somebody else under a name of ours. */
  "replaced",
  /** A host that nothing is known of: its other rows are missing. */
  "away",
]);

/** Schema of one difference. */
export const rowSchema = z.strictObject({
  host: z.string().describe("Name of the host."),
  kind: kind.describe("What differs."),
  name: z.string().describe('Of the container, network, …; of the host for kind "host".'),
  change: change.describe(
    "missing: declared, and not there. extra: there, and not declared. stopped: does not run. unhealthy: runs, and its check does not pass. changed: not as declared. replaced: made anew by somebody else under a name of ours. away: nothing is known of the host.",
  ),
  field: z.string().describe('What about it, e.g. "memory", "ports", "environment TZ".'),
  declared: z
    .string()
    .nullable()
    .describe("As declared, null where nothing is. Never a value that may hold a secret."),
  found: z
    .string()
    .nullable()
    .describe("As found, null where nothing is. Never a value that may hold a secret."),
});

const hostReport = z.strictObject({
  host: z.string().describe("Name of the host."),
  verdict: z
    .enum(["none", "drift", "unknown"])
    .describe("unknown: the host is away, or does not answer."),
  absent: z
    .boolean()
    .describe(
      "It is away, as a host may be that is marked intermittent: a warning, and no failure.",
    ),
  rows: z.array(rowSchema).describe("The differences."),
  hints: z.array(z.string()).describe("What to do about it, one command or sentence each."),
  others: z
    .array(
      z.strictObject({
        kind: kind.describe("What it is."),
        name: z.string().describe("Of the container, network or volume."),
        owner: z.string().describe('Whose it is, e.g. "Compose project mine".'),
      }),
    )
    .describe("What belongs to somebody else and is left alone."),
});

/** Schema of `homelab drift --json`. */
export const driftReportSchema = z.strictObject({
  version: z
    .literal(1)
    .describe("Rises when a reader of the version before would get something wrong."),
  exitCode: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .describe("0 no drift, 2 drift, 1 a host is unknown that may not be away."),
  hosts: z.array(hostReport).describe("One entry for each host that was asked for."),
});

/** What `homelab drift` found on all hosts that were asked for. */
export type DriftReport = z.infer<typeof driftReportSchema>;
/** What was found on one host. */
export type HostReport = DriftReport["hosts"][number];
/** One difference. */
export type DriftRow = HostReport["rows"][number];
/** One difference on a host that is known from where it stands. */
export type Difference = Omit<DriftRow, "host">;
/** Something that belongs to somebody else. */
export type Other = HostReport["others"][number];

/** The report on all hosts. */
export function driftReport(hosts: readonly HostReport[]): DriftReport {
  const has = (verdict: HostReport["verdict"]): boolean =>
    hosts.some((host) => host.verdict === verdict && !host.absent);
  return { version: 1, exitCode: has("unknown") ? 1 : has("drift") ? 2 : 0, hosts: [...hosts] };
}
