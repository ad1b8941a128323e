import { z } from "zod";
import { STAGES } from "./stage.ts";

const putBackReport = z.strictObject({
  /** Services that have the container of an earlier deployment again. */
  services: z.array(z.string()),
  /** When that deployment began, ISO 8601; null when nothing was put back. */
  began: z.string().nullable(),
  /** Why nothing was put back, or what of it is not well; null when all is. */
  trouble: z.string().nullable(),
});

/** What was put back after a failure. */
export type PutBack = z.infer<typeof putBackReport>;

const hostReport = z.strictObject({
  host: z.string(),
  /**
   * done: deployed, or brought back after an outage; nothing: it is as it was deployed, everything is
   * up, or a resumed run was complete already; absent: it is away, as a host may be that is marked
   * intermittent; refused: somebody else deploys the host.
   */
  outcome: z.enum(["done", "nothing", "absent", "failed", "refused"]),
  /** The stage that was reached; null when none began. */
  stage: z.enum(STAGES).nullable(),
  seconds: z.number(),
  error: z.strictObject({ code: z.string().nullable(), message: z.string() }).nullable(),
  /** In one sentence, the most probable reason of a failure. */
  cause: z.string().nullable(),
  /** Paths on the host; null where there is no such file. */
  log: z.string().nullable(),
  diagnostics: z.string().nullable(),
  receipt: z.string().nullable(),
  /** What was put back; null where nobody asked for it, or nothing had failed that could be. */
  putBack: putBackReport.nullable(),
  /** The command to type next; null when all is well. */
  next: z.string().nullable(),
});

/** Schema of what `homelab deploy --json` prints. */
export const deployReportSchema = z.strictObject({
  version: z.literal(1),
  /** The command's: 0 all hosts are deployed, 1 one failed, 3 another run has the lock of one. */
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(3)]),
  hosts: z.array(hostReport),
});

/** How a run went. */
export type DeployReport = z.infer<typeof deployReportSchema>;
/** How it went on one host. */
export type HostOutcome = z.infer<typeof hostReport>;

/** The whole report. */
export function reportOf(hosts: readonly HostOutcome[]): DeployReport {
  const is = (outcome: HostOutcome["outcome"]) => hosts.some((host) => host.outcome === outcome);
  return { version: 1, exitCode: is("refused") ? 3 : is("failed") ? 1 : 0, hosts: [...hosts] };
}

/**
 * Of a host on which no stage began.
 * @param next the command to type once the error is mended; none beside a run of somebody else
 */
export function notBegun(
  host: string,
  outcome: "absent" | "failed" | "refused",
  error: NonNullable<HostOutcome["error"]>,
  next: string,
): HostOutcome {
  const nothing = { stage: null, seconds: 0, cause: null, log: null, diagnostics: null };
  const nobody = { receipt: null, putBack: null };
  const isRefused = outcome === "refused";
  return { host, outcome, error, ...nothing, ...nobody, next: isRefused ? null : next };
}

/** Of a host that is as it has to be. */
export function nothingToDo(host: string, stage: HostOutcome["stage"]): HostOutcome {
  const nothing = { seconds: 0, error: null, cause: null, log: null, diagnostics: null };
  const none = { receipt: null, putBack: null, next: null };
  return { host, outcome: "nothing", stage, ...nothing, ...none };
}
