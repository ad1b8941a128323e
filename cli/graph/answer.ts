import { z } from "zod";

/** Who cannot run, and who suffers, without a node. */
const breakage = { broken: z.array(z.string()), degraded: z.array(z.string()) };

/** Schema of what `homelab graph --json` prints; nodes are "docker-vm/caddy" or "nas/gate:media". */
export const graphReportSchema = z.strictObject({
  /** The host, or "all". */
  of: z.string(),
  /** Nodes that can start together, after all levels before theirs. */
  levels: z.array(z.array(z.string())),
  edges: z.array(
    z.strictObject({
      /** Who needs. */
      from: z.string(),
      /** What is needed. */
      to: z.string(),
      condition: z.enum(["started", "healthy", "completed"]),
      strength: z.enum(["hard", "soft"]),
      why: z.string().optional(),
    }),
  ),
  /** The longest chain of nodes that wait for each other. */
  criticalPath: z.array(z.string()),
  /** The least that has to run, most important first; empty where a host has none of it. */
  essentials: z.array(z.string()),
  /** One after another, after everything went down. */
  restartOrder: z.array(z.string()),
  /** By node that others need. */
  breakage: z.record(z.string(), z.strictObject(breakage)),
});

/** Schema of what it prints with `--without`. */
export const withoutAnswerSchema = z.strictObject({ without: z.string(), ...breakage });

/** Schema of `homelab graph --json`. */
export const graphAnswerSchema = z.union([graphReportSchema, withoutAnswerSchema]);
