// What the page and its server say to each other, below `api/`. A browser imports types of it alone:
// some of the schemas compute hashes with what Node.js has and a browser has not.
import * as z from "zod";
import { actionSchema } from "./actions.ts";
import { hostDriftSchema } from "./drift.ts";
import { loggedEventSchema } from "./logged-event.ts";
import { observerHealthSchema } from "./observer-health.ts";
import { summarySchema } from "./summary.ts";
import { supervisorStateSchema } from "./supervisor-state.ts";
import { hostName, line, time } from "./words.ts";
import { hostWorldSchema } from "./world.ts";

/** Version of the answers. */
export const PAGE_API_VERSION = 1;

/** Roles of who logged in: a viewer looks, an operator also decides. */
export const ROLES = ["viewer", "operator"] as const;

/** Schema of a role. */
export const roleSchema = z.enum(ROLES);
/** Role of who logged in. */
export type Role = z.infer<typeof roleSchema>;

/** Schema of a name to log in with. */
export const userName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/);

/** Longest password that is looked at, in characters. */
const LONGEST_PASSWORD = 256;

/** Schema of `GET api/session`. */
export const sessionSchema = z.strictObject({ user: userName, role: roleSchema });
/** Who is logged in. */
export type Session = z.infer<typeof sessionSchema>;

/** Schema of the body of `POST api/session`. */
export const loginSchema = z.strictObject({
  user: userName,
  password: z.string().min(1).max(LONGEST_PASSWORD),
});
/** What somebody logs in with. */
export type Login = z.infer<typeof loginSchema>;

/** Schema of every answer that is no success. */
export const refusalSchema = z.strictObject({
  error: line,
  /** Only with 429 and 503: when to try again, in seconds. */
  retryAfterSeconds: z.number().int().positive().optional(),
});
/** Why something was not answered. */
export type Refusal = z.infer<typeof refusalSchema>;

/** Schema of `GET api/state`, and of the data of `event: state` of `GET api/stream`. */
export const stateSchema = z.strictObject({
  version: z.literal(PAGE_API_VERSION),
  /** What the server was built from. */
  build: line,
  /** When this was read, by the server's clock: every age counts to there. */
  at: time,
  summary: summarySchema,
  /** Without boot and receipts, which `GET api/history` has. */
  hosts: z.array(hostWorldSchema),
  /** Without what was signed: `authority` is null in all of them. */
  actions: z.array(actionSchema),
  incidents: supervisorStateSchema.shape.incidents,
  /** What each host has otherwise than declared; none before the Supervisor's first comparison. */
  drift: z.array(hostDriftSchema),
  supervisor: z.strictObject({
    /** When it last compared; null when it never did, or its state cannot be read. */
    at: time.nullable(),
    /** Why nothing is recommended at all; null when that is not so. */
    blind: line.nullable(),
  }),
  /** Null when it never wrote, or that cannot be read. */
  observer: observerHealthSchema.nullable(),
});
/** Everything that is known, at one moment. */
export type State = z.infer<typeof stateSchema>;

/** Schema of the query of `GET api/history`. Anything else in it is refused. */
export const historyQuerySchema = z.strictObject({ host: hostName });

/** Schema of `GET api/history`: what lies behind a host. */
export const hostHistorySchema = z.strictObject({
  version: z.literal(PAGE_API_VERSION),
  /** When this was read, by the server's clock. */
  at: time,
  host: hostName,
  /** Null when it told of none. */
  boot: hostWorldSchema.shape.boot.unwrap().nullable(),
  /** The newest first. */
  receipts: hostWorldSchema.shape.receipts.unwrap(),
  hold: hostWorldSchema.shape.hold,
});
/** What lies behind a host. */
export type HostHistory = z.infer<typeof hostHistorySchema>;

/** Schema of the query of `GET api/past`. Anything else in it is refused. */
export const pastQuerySchema = z.strictObject({
  /** @default only how far the log goes back */
  at: time.optional(),
});

/** Schema of `GET api/past`: what was known at a moment, by the log. */
export const pastSchema = z.strictObject({
  version: z.literal(PAGE_API_VERSION),
  /** Receipt of the first line that is kept; null for a log without one. */
  from: time.nullable(),
  /** Now, by the server's clock. */
  to: time,
  /** Null where no moment was asked for, or nothing is kept of it. */
  moment: z
    .strictObject({
      /** The moment that was asked for: every age counts to there. */
      at: time,
      /** The last line before it. */
      sequence: z.number().int().nonnegative(),
      /** Without boot and receipts. */
      hosts: z.array(hostWorldSchema),
    })
    .nullable(),
});
/** What was known at a moment. */
export type Past = z.infer<typeof pastSchema>;

/** Schema of a node: a service, or a gate that services need. */
export const graphNodeSchema = z.strictObject({
  /** "<host>/<service>", as causes and affected ones of incidents are named. */
  id: line,
  host: hostName,
  /** Name on its host; "gate:<name>" for a gate. */
  service: line,
  kind: z.enum(["service", "gate"]),
  /** E.g. "monitoring"; "gate" for a gate. */
  category: line,
});

/** Schema of an edge. */
export const graphEdgeSchema = z.strictObject({
  /** Who needs. */
  from: line,
  /** What it needs. */
  to: line,
  /** What that has to have come to: it was started, is healthy, or ended well. */
  condition: z.enum(["started", "healthy", "completed"]),
  /** "hard": cannot run without; "soft": has less of something. */
  strength: z.enum(["hard", "soft"]),
  /** Null where nobody wrote it down. */
  why: line.nullable(),
});

/** Schema of `GET api/graph`. Every end of an edge is a node. */
export const graphSchema = z.strictObject({
  version: z.literal(PAGE_API_VERSION),
  nodes: z.array(graphNodeSchema),
  edges: z.array(graphEdgeSchema),
});
/** What needs what, by the declarations. */
export type Graph = z.infer<typeof graphSchema>;

/** Most events in an answer, and as many as are answered when nobody says. */
export const MOST_EVENTS_SHOWN = 200;

/** Schema of the query of `GET api/events`. Anything else in it is refused. */
export const eventsQuerySchema = z.strictObject({
  /** Only those with a smaller sequence. @default the newest */
  before: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform(Number)
    .optional(),
  /** @default all */
  host: hostName.optional(),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .transform(Number)
    .pipe(z.number().max(MOST_EVENTS_SHOWN))
    .default(MOST_EVENTS_SHOWN),
});
/** Which events are wanted. */
export type EventsQuery = z.infer<typeof eventsQuerySchema>;

/** Schema of `GET api/events`. */
export const eventsSchema = z.strictObject({
  /** The newest first. Signs of life and full looks are not among them. */
  events: z.array(loggedEventSchema),
  /**
   * `before` of the next page, which may have fewer events or none: only so much of the log is looked
   * through for one. Null when the log ends.
   */
  next: z.number().int().positive().nullable(),
});
/** A page of what happened. */
export type Events = z.infer<typeof eventsSchema>;

/** Most streams of one session; one more is answered with 429. */
export const MOST_STREAMS = 12;
/** A stream that has said nothing for so long, not even a comment, is cut. In seconds. */
export const HEARTBEAT_SECONDS = 15;
