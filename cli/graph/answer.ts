import { z } from "zod";

/** What becomes of others without a node. */
const breakage = {
  broken: z.array(z.string()).describe("Who cannot run."),
  degraded: z.array(z.string()).describe("Who has less of something."),
};

/** Schema of what `homelab graph --json` prints; nodes are "docker-vm/caddy" or "nas/gate:media". */
export const graphReportSchema = z.strictObject({
  of: z.string().describe('The host, or "all".'),
  levels: z
    .array(z.array(z.string()))
    .describe("Nodes that can start together, after all levels before theirs."),
  edges: z
    .array(
      z.strictObject({
        from: z.string().describe("Who needs."),
        to: z.string().describe("What is needed."),
        condition: z
          .enum(["started", "healthy", "completed"])
          .describe("What has to be true of what is needed."),
        strength: z
          .enum(["hard", "soft"])
          .describe("hard: it cannot run without; soft: it has less of something."),
        why: z.string().optional().describe("What it needs it for; absent where that is plain."),
      }),
    )
    .describe("Who needs what."),
  criticalPath: z
    .array(z.string())
    .describe("The longest chain of nodes that wait for each other."),
  essentials: z
    .array(z.string())
    .describe(
      "The least that has to run, most important first; empty where a host has none of it.",
    ),
  restartOrder: z.array(z.string()).describe("One after another, after everything went down."),
  breakage: z.record(z.string(), z.strictObject(breakage)).describe("By node that others need."),
});

/** Schema of what it prints with `--without`. */
export const withoutAnswerSchema = z.strictObject({
  without: z.string().describe("The node that is thought away."),
  ...breakage,
});

/** Schema of `homelab graph --json`. */
export const graphAnswerSchema = z.union([graphReportSchema, withoutAnswerSchema]);
