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
  host: z.string(),
  kind,
  /** Of the container, network, …; of the host for kind "host". */
  name: z.string(),
  change,
  /** What about it, e.g. "memory", "ports", "environment TZ". */
  field: z.string(),
  /** As declared, null where nothing is. Never a value that may hold a secret. */
  declared: z.string().nullable(),
  /** As found, null where nothing is. Never a value that may hold a secret. */
  found: z.string().nullable(),
});

const hostReport = z.strictObject({
  host: z.string(),
  /** unknown: the host is away, or does not answer. */
  verdict: z.enum(["none", "drift", "unknown"]),
  /** It is away, as a host may be that is marked intermittent: a warning, and no failure. */
  absent: z.boolean(),
  rows: z.array(rowSchema),
  /** What to do about it, one command or sentence each. */
  hints: z.array(z.string()),
  /** What belongs to somebody else and is left alone. */
  others: z.array(z.strictObject({ kind, name: z.string(), owner: z.string() })),
});

/** Schema of `homelab drift --json`. */
export const driftReportSchema = z.strictObject({
  /** Rises when a reader of the version before would get something wrong. */
  version: z.literal(1),
  /** 0 no drift, 2 drift, 1 a host is unknown that may not be away. */
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  hosts: z.array(hostReport),
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
