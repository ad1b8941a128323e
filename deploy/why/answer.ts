import { z } from "zod";
import { NODE_STATES } from "../../model/cause-chain.ts";
import { rowSchema } from "../drift/rows.ts";

const finding = z.strictObject({
  id: z.string().describe("<host>/<service>, <host>/gate:<name>, or the name of a host."),
  state: z.enum(NODE_STATES).describe("How it is."),
  detail: z.string().describe("In one line, what was seen."),
  since: z
    .string()
    .nullable()
    .describe("Since when it is so, in ISO 8601; null where nobody knows."),
  exitCode: z
    .number()
    .nullable()
    .describe("Of a container that does not run, or crashes again and again."),
  output: z
    .string()
    .nullable()
    .describe(
      "Last output of the health check, what the gate saw, or why the engine could not start it.",
    ),
  remedy: z.string().nullable().describe("What a person does about a gate."),
  command: z
    .string()
    .nullable()
    .describe("The command that helps with this one; null when it is ready."),
});

const link = finding.extend({
  neededBy: z
    .array(z.string())
    .describe("Who needs it, of what is in the chain; nobody for the service itself."),
  strength: z
    .enum(["hard", "soft"])
    .describe("hard: what needs it cannot run without; soft: it has less of something."),
  cause: z.boolean().describe("Nothing that it needs is in the way: here it begins."),
});

/** Schema of `homelab why --json`. */
export const whyAnswerSchema = z.strictObject({
  version: z
    .literal(1)
    .describe("Rises when a reader of the version before would get something wrong."),
  exitCode: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .describe("0 well, 2 not well, 1 a host that it depends on is away."),
  service: z
    .strictObject({
      id: z.string().describe('Host and name, e.g. "docker-vm/grafana".'),
      stack: z.string().describe("The group that it is declared in."),
      phase: z.number().describe("Its place in the documented order."),
      image: z.string().describe("Name and version."),
    })
    .describe("As it is declared."),
  verdict: z
    .enum(["well", "impaired", "down", "unknown"])
    .describe(
      "impaired: it is healthy, and lacks something that it requires, or is not as declared. down: it is not healthy. unknown: its host is away.",
    ),
  sentence: z.string().describe("The verdict in one sentence."),
  causes: z.array(link).describe("What to mend, first what has to come first."),
  chain: z.array(link).describe("From the service to the causes."),
  differences: z
    .array(rowSchema)
    .describe("What of the service and of the causes is not as declared: rows of `homelab drift`."),
  holdsBack: z
    .array(
      z.strictObject({
        id: z.string().describe("Host and name."),
        state: z.enum(NODE_STATES).describe("How it is."),
      }),
    )
    .describe("What cannot start until it is well, and is not well itself."),
  next: z.string().nullable().describe("The command to type next; null when all is well."),
});

/** What `homelab why` answers about one service. */
export type WhyAnswer = z.infer<typeof whyAnswerSchema>;
/** How one service, gate or host is. */
export type Finding = z.infer<typeof finding>;
/** The same with its place between the service and the causes. */
export type ChainLink = z.infer<typeof link>;
