import { z } from "zod";

const imageSchema = z.strictObject({
  names: z.array(z.string()).describe("Names of the image, as the engine says them."),
  bytes: z
    .number()
    .describe("Bytes on disk; layers that other images have, too, are counted with each."),
});

const hostSchema = z.strictObject({
  host: z.string(),
  outcome: z
    .enum(["planned", "done", "failed", "unsure", "away", "refused"])
    .describe(
      "planned: it would go; done: it is gone; failed: something stayed that should have gone; unsure: something cannot be read, so nothing goes; away: the host or its engine does not answer; refused: somebody deploys the host.",
    ),
  problem: z
    .string()
    .nullable()
    .describe("Why, of every outcome but planned and done; null of those."),
  removed: z.array(imageSchema).describe("What goes or is gone."),
  stayed: z
    .array(imageSchema.extend({ problem: z.string() }))
    .describe("What stayed that should have gone, and why."),
  bytes: z.number().describe("At most so many bytes, as layers that are shared stay."),
  kept: z.number().describe("Images of ours that stay."),
  foreign: z.array(imageSchema).describe("Images that nothing of ours ever named; they stay."),
  reach: z
    .strictObject({
      deployments: z.number().describe("Deployments, the present one among them."),
      since: z.string().nullable().describe("When the oldest of them began."),
      missing: z.string().nullable().describe("An image that the one before lacks."),
    })
    .nullable()
    .describe(
      "How far a rollback reaches without a network afterwards; null where nothing is known.",
    ),
});

/** Schema of `homelab images prune --json`. */
export const pruneReportSchema = z.strictObject({
  version: z.literal(1),
  exitCode: z
    .union([z.literal(0), z.literal(1)])
    .describe("0 done, or planned with --dry-run; 1 a host is away, or an image stayed."),
  hosts: z.array(hostSchema),
});

/** What became of old images. */
export type PruneReport = z.infer<typeof pruneReportSchema>;
/** What became of them on one host. */
export type HostPrune = z.infer<typeof hostSchema>;

/** The whole report. */
export function pruneReport(hosts: readonly HostPrune[]): PruneReport {
  const isWell = hosts.every(({ outcome }) => outcome === "planned" || outcome === "done");
  return { version: 1, exitCode: isWell ? 0 : 1, hosts: [...hosts] };
}

/** A host of which nothing is known, or on which nothing was done. */
export function nothingPruned(
  host: string,
  outcome: "unsure" | "away" | "refused",
  problem: string,
): HostPrune {
  const nothing = { removed: [], stayed: [], bytes: 0, kept: 0, foreign: [], reach: null };
  return { host, outcome, problem, ...nothing };
}
