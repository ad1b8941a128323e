import { z } from "zod";

const imageSchema = z.strictObject({
  /** Names of the image, as the engine says them. */
  names: z.array(z.string()),
  /** Bytes on disk; layers that other images have, too, are counted with each. */
  bytes: z.number(),
});

const hostSchema = z.strictObject({
  host: z.string(),
  /**
   * planned: it would go; done: it is gone; failed: something stayed that should have gone; unsure:
   * something cannot be read, so nothing goes; away: the host or its engine does not answer;
   * refused: somebody deploys the host.
   */
  outcome: z.enum(["planned", "done", "failed", "unsure", "away", "refused"]),
  /** Why, of every outcome but planned and done; null of those. */
  problem: z.string().nullable(),
  /** What goes or is gone. */
  removed: z.array(imageSchema),
  /** What stayed that should have gone, and why. */
  stayed: z.array(imageSchema.extend({ problem: z.string() })),
  /** At most so many bytes, as layers that are shared stay. */
  bytes: z.number(),
  /** Images of ours that stay. */
  kept: z.number(),
  /** Images that nothing of ours ever named; they stay. */
  foreign: z.array(imageSchema),
  /** How far a rollback reaches without a network afterwards; null where nothing is known. */
  reach: z
    .strictObject({
      /** Deployments, the present one among them. */
      deployments: z.number(),
      /** When the oldest of them began. */
      since: z.string().nullable(),
      /** An image that the one before lacks. */
      missing: z.string().nullable(),
    })
    .nullable(),
});

/** Schema of `homelab images prune --json`. */
export const pruneReportSchema = z.strictObject({
  version: z.literal(1),
  /** 0 done, or planned with --dry-run; 1 a host is away, or an image stayed. */
  exitCode: z.union([z.literal(0), z.literal(1)]),
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
