import { z } from "zod";
import { actionSchema, ACTION_STATES } from "../../control-plane/contract/actions.ts";
import { loggedEventSchema } from "../../control-plane/contract/logged-event.ts";
import { incidentSchema } from "../../control-plane/contract/supervisor-state.ts";

/** Schema of `homelab incidents --json`. */
export const incidentsAnswerSchema = z.array(incidentSchema);

/** Schema of `homelab actions --json`. */
export const actionsAnswerSchema = z.array(actionSchema);

/** Schema of `homelab events --json`, the newest last. */
export const eventsAnswerSchema = z.array(loggedEventSchema);

/** Schema of what `homelab status --json` prints when the VPS answers. */
export const knownStatusSchema = z.strictObject({
  verdict: z.string().describe("In one sentence."),
  exitCode: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .describe("0 all is well, 2 something is not, 1 nobody can tell."),
  at: z.string().describe("When the VPS said so, by its clock."),
  stale: z.string().nullable().describe("Why nothing of this may be so any more; null when it is."),
  hosts: z
    .array(
      z.strictObject({
        host: z.string().describe("Name of the host."),
        freshness: z
          .enum(["fresh", "unreachable", "unknown"])
          .describe("fresh: heard within its time. unreachable: not any more. unknown: never."),
        heardSecondsAgo: z.number().nullable().describe("Null when it never was."),
        services: z
          .record(z.string(), z.number())
          .describe("Planned services by state, e.g. { healthy: 30, exited: 1 }."),
        asDesired: z
          .boolean()
          .nullable()
          .describe("Whether its plan is the repository's; null when nobody can tell."),
        maintenance: z
          .string()
          .nullable()
          .describe("Why somebody works on it; null when nobody does."),
        held: z.boolean().describe("At an earlier deployment."),
      }),
    )
    .describe("One entry for each host."),
  incidents: incidentsAnswerSchema.describe("What is not well, by its causes."),
  actions: actionsAnswerSchema.describe("Those that are not over."),
});

/** Schema of what it prints when the VPS does not. */
export const unknownStatusSchema = z.strictObject({
  verdict: z.string().describe("Why nobody can tell, in one sentence."),
  exitCode: z.literal(1),
});

/** Schema of `homelab status --json`. */
export const statusAnswerSchema = z.union([knownStatusSchema, unknownStatusSchema]);

/** Schema of `homelab policies sign --json`. */
export const policiesAnswerSchema = z.strictObject({
  on: z.array(z.string()).describe("Names of the policies that are on."),
  until: z.string().describe("From then on nothing goes by them; ISO 8601."),
});

/** Schema of `homelab approve --json` and `homelab reject --json`. */
export const decisionAnswerSchema = z.strictObject({
  action: z.string().describe("Id of the action."),
  verdict: z.enum(["approve", "reject"]).describe("What was decided."),
  state: z
    .enum([...ACTION_STATES, "sent", "refused", "ended"])
    .describe(
      "Where the action was last seen; sent: nobody has taken it over, refused: the Executor does not want it.",
    ),
  said: z.string().nullable().describe("How it went, in one sentence; null while nobody has said."),
});
