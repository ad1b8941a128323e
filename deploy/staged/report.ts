import { z } from "zod";
import { STAGES } from "./stage.ts";

const putBackReport = z.strictObject({
  services: z
    .array(z.string())
    .describe("Services that have the container of an earlier deployment again."),
  began: z
    .string()
    .nullable()
    .describe("When that deployment began, ISO 8601; null when nothing was put back."),
  trouble: z
    .string()
    .nullable()
    .describe("Why nothing was put back, or what of it is not well; null when all is."),
});

/** What was put back after a failure. */
export type PutBack = z.infer<typeof putBackReport>;

const hostReport = z.strictObject({
  host: z.string().describe("Name of the host."),
  outcome: z
    .enum(["done", "nothing", "absent", "failed", "refused"])
    .describe(
      "done: deployed, or brought back after an outage; nothing: it is as it was deployed, or everything is up; absent: it is away, as a host may be that is marked intermittent; refused: somebody else deploys the host.",
    ),
  stage: z.enum(STAGES).nullable().describe("The stage that was reached; null when none began."),
  seconds: z.number().describe("How long it took."),
  error: z
    .strictObject({
      code: z
        .string()
        .nullable()
        .describe("One of docs/reference/errors.md; null for a mistake in homelab itself."),
      message: z.string().describe("What is wrong, and what to do."),
    })
    .nullable()
    .describe("How it failed; null when it did not."),
  cause: z.string().nullable().describe("In one sentence, the most probable reason of a failure."),
  log: z.string().nullable().describe("Paths on the host; null where there is no such file."),
  diagnostics: z
    .string()
    .nullable()
    .describe("States and logs of what is not well; a path on the host."),
  receipt: z.string().nullable().describe("What was deployed; a path on the host."),
  putBack: putBackReport
    .nullable()
    .describe(
      "What was put back; null where nobody asked for it, or nothing had failed that could be.",
    ),
  next: z.string().nullable().describe("The command to type next; null when all is well."),
});

/** Schema of what `homelab deploy --json` prints. */
export const deployReportSchema = z.strictObject({
  version: z.literal(1),
  exitCode: z
    .union([z.literal(0), z.literal(1), z.literal(3)])
    .describe(
      "The command's: 0 all hosts are deployed, 1 one failed, 3 another run has the lock of one.",
    ),
  hosts: z.array(hostReport).describe("One entry for each host that was asked for."),
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
