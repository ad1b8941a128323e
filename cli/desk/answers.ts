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
  /** In one sentence. */
  verdict: z.string(),
  /** 0 all is well, 2 something is not, 1 nobody can tell. */
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  /** When the VPS said so, by its clock. */
  at: z.string(),
  /** Why nothing of this may be so any more; null when it is. */
  stale: z.string().nullable(),
  hosts: z.array(
    z.strictObject({
      host: z.string(),
      freshness: z.enum(["fresh", "unreachable", "unknown"]),
      /** Null when it never was. */
      heardSecondsAgo: z.number().nullable(),
      /** Planned services by state, e.g. { healthy: 30, exited: 1 }. */
      services: z.record(z.string(), z.number()),
      /** Whether its plan is the repository's; null when nobody can tell. */
      asDesired: z.boolean().nullable(),
      maintenance: z.string().nullable(),
      /** At an earlier deployment. */
      held: z.boolean(),
    }),
  ),
  incidents: incidentsAnswerSchema,
  /** Those that are not over. */
  actions: actionsAnswerSchema,
});

/** Schema of what it prints when the VPS does not. */
export const unknownStatusSchema = z.strictObject({ verdict: z.string(), exitCode: z.literal(1) });

/** Schema of `homelab status --json`. */
export const statusAnswerSchema = z.union([knownStatusSchema, unknownStatusSchema]);

/** Schema of `homelab approve --json` and `homelab reject --json`. */
export const decisionAnswerSchema = z.strictObject({
  /** Id of the action. */
  action: z.string(),
  verdict: z.enum(["approve", "reject"]),
  /** Where the action was last seen; sent: nobody has taken it over, refused: the Executor does not want it. */
  state: z.enum([...ACTION_STATES, "sent", "refused", "ended"]),
  /** How it went, in one sentence; null while nobody has said. */
  said: z.string().nullable(),
});
