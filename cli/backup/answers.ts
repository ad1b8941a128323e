import { z } from "zod";

const snapshot = z.strictObject({
  id: z.string(),
  /** ISO 8601. */
  time: z.string(),
});

/** Schema of `homelab backup list --json`: one entry for each volume, folder and database. */
export const copiesAnswerSchema = z.array(
  z.strictObject({
    host: z.string(),
    job: z.string(),
    repository: z.string(),
    /** Volume name, absolute path, or the database's container. */
    source: z.string(),
    /**
     * new: the first copy comes within a day. small: less than half of a week ago. missing: no copy,
     * or the newest has nothing of it. failed: the newest run. unknown: somebody could not be asked.
     */
    state: z.enum(["well", "new", "overdue", "small", "missing", "failed", "unknown"]),
    /** Why it is not well, in one sentence; empty when it is. */
    detail: z.string(),
    newest: snapshot.nullable(),
    /** Of the newest, in seconds. */
    age: z.number().nullable(),
    maxAgeHours: z.number(),
    /** In the newest copy. */
    size: z.strictObject({ files: z.number(), bytes: z.number() }).nullable(),
    /** Copies that are kept. */
    kept: z.number().nullable(),
    /** The last comparison of a copy with what was there. */
    verified: z
      .strictObject({ at: z.string(), snapshot: z.string(), good: z.boolean() })
      .nullable(),
    lastRun: z
      .strictObject({
        result: z.enum(["ok", "failed"]),
        /** ISO 8601. */
        finished: z.string(),
        message: z.string(),
      })
      .nullable(),
  }),
);

/** How one job went. */
const jobResult = z.strictObject({
  /** Host and container. */
  job: z.string(),
  good: z.boolean(),
  /** In one line. */
  summary: z.string(),
});

/** Schema of `homelab backup run --json`. */
export const runAnswerSchema = z.array(
  jobResult.extend({
    /** The job's last lines, when it failed. */
    said: z.array(z.string()),
  }),
);

/** Schema of `homelab backup verify --json`. */
export const verifyAnswerSchema = z.array(
  jobResult.extend({
    /** What was restored; absent where nothing was. */
    snapshot: snapshot.optional(),
    comparison: z
      .strictObject({
        /** Files. */
        identical: z.number(),
        bytes: z.number(),
        /** Written, made or removed after the copy was made; no fault of the copy. */
        changedSince: z.number(),
        /** Left out as declared. */
        excluded: z.number(),
        /** Not changed since, and yet different in the copy. */
        damaged: z.array(z.string()),
        /** There when the copy was made, and not in it. */
        missing: z.array(z.string()),
        /** Dumps without content. */
        empty: z.array(z.string()),
      })
      .optional(),
  }),
);

const place = {
  /** Volume name, absolute path, or the database's container. */
  source: z.string(),
  /** What the copy has of it; absent where it has nothing. */
  files: z.number().optional(),
  bytes: z.number().optional(),
};

/** Schema of what `homelab backup restore <service> --json` prints: one entry for each job. */
export const restoredAnswerSchema = z.array(
  z.strictObject({
    job: z.string(),
    snapshot,
    restored: z.array(
      z.strictObject({
        ...place,
        /** Where what was there lies now; absent where nothing was. */
        kept: z.string().optional(),
      }),
    ),
    /** Containers. */
    stopped: z.array(z.string()),
    started: z.array(z.string()),
  }),
);

/** Schema of what it prints with `--all <host>`. */
export const hostRestoredAnswerSchema = z.strictObject({
  host: z.string(),
  restored: z.array(
    z.strictObject({
      ...place,
      snapshot,
      /** Where what was there lies now; null where nothing was. */
      kept: z.string().nullable(),
      /** Why it is not back; null when it is. */
      problem: z.string().nullable(),
    }),
  ),
  /** Was back before. */
  back: z.array(z.string()),
  /** Stays as it was, and why. */
  stays: z.array(z.strictObject({ source: z.string(), why: z.string() })),
  /** Containers. */
  started: z.array(z.string()),
  /** Name and reason; absent, as `staying`, where nothing was left to put back. */
  unstarted: z.array(z.string()).optional(),
  /** Were not started, because their data is not back. */
  staying: z.array(z.string()).optional(),
});

/** Schema of `homelab backup restore --json`. */
export const restoreAnswerSchema = z.union([restoredAnswerSchema, hostRestoredAnswerSchema]);
