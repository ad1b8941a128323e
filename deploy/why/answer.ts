import { z } from "zod";
import { NODE_STATES } from "../../model/cause-chain.ts";
import { rowSchema } from "../drift/rows.ts";

const finding = z.strictObject({
  /** "docker-vm/grafana", "docker-vm/gate:nas-media", or "nas" for a host. */
  id: z.string(),
  state: z.enum(NODE_STATES),
  /** In one line, what was seen. */
  detail: z.string(),
  /** Since when it is so, in ISO 8601; null where nobody knows. */
  since: z.string().nullable(),
  /** Of a container that does not run, or crashes again and again. */
  exitCode: z.number().nullable(),
  /** Last output of the health check, what the gate saw, or why the engine could not start it. */
  output: z.string().nullable(),
  /** What a person does about a gate. */
  remedy: z.string().nullable(),
  /** The command that helps with this one; null when it is ready. */
  command: z.string().nullable(),
});

const link = finding.extend({
  /** Who needs it, of what is in the chain; nobody for the service itself. */
  neededBy: z.array(z.string()),
  /** hard: what needs it cannot run without; soft: it has less of something. */
  strength: z.enum(["hard", "soft"]),
  /** Nothing that it needs is in the way: here it begins. */
  cause: z.boolean(),
});

/** Schema of `homelab why --json`. */
export const whyAnswerSchema = z.strictObject({
  /** Rises when a reader of the version before would get something wrong. */
  version: z.literal(1),
  /** 0 well, 2 not well, 1 a host that it depends on is away. */
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  /** As it is declared. */
  service: z.strictObject({
    id: z.string(),
    stack: z.string(),
    phase: z.number(),
    image: z.string(),
  }),
  /**
   * impaired: it is healthy, and lacks something that it requires, or is not as declared. down: it
   * is not healthy. unknown: its host is away.
   */
  verdict: z.enum(["well", "impaired", "down", "unknown"]),
  /** The verdict in one sentence. */
  sentence: z.string(),
  /** What to mend, first what has to come first. */
  causes: z.array(link),
  /** From the service to the causes. */
  chain: z.array(link),
  /** What of the service and of the causes is not as declared: rows of `homelab drift`. */
  differences: z.array(rowSchema),
  /** What cannot start until it is well, and is not well itself. */
  holdsBack: z.array(z.strictObject({ id: z.string(), state: z.enum(NODE_STATES) })),
  /** The command to type next; null when all is well. */
  next: z.string().nullable(),
});

/** What `homelab why` answers about one service. */
export type WhyAnswer = z.infer<typeof whyAnswerSchema>;
/** How one service, gate or host is. */
export type Finding = z.infer<typeof finding>;
/** The same with its place between the service and the causes. */
export type ChainLink = z.infer<typeof link>;
