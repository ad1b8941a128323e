import { z } from "zod";

const snapshot = z.strictObject({
  id: z.string().describe("Id of the snapshot, as the backup program has it."),
  time: z.string().describe("ISO 8601."),
});

/** Schema of `homelab backup list --json`: one entry for each volume, folder and database. */
export const copiesAnswerSchema = z.array(
  z.strictObject({
    host: z.string().describe("Name of the host."),
    job: z.string().describe("The container that makes the copy."),
    repository: z.string().describe("Name of the repository that it is kept in."),
    source: z.string().describe("Volume name, absolute path, or the database's container."),
    state: z
      .enum(["well", "new", "overdue", "small", "missing", "failed", "unknown"])
      .describe(
        "new: the first copy comes within a day. small: less than half of a week ago. missing: no copy, or the newest has nothing of it. failed: the newest run. unknown: somebody could not be asked.",
      ),
    detail: z.string().describe("Why it is not well, in one sentence; empty when it is."),
    newest: snapshot
      .nullable()
      .describe("The newest copy; null when there is none, or nobody could be asked."),
    age: z.number().nullable().describe("Of the newest, in seconds."),
    maxAgeHours: z.number().describe("How old the newest copy may become."),
    size: z
      .strictObject({ files: z.number().describe("Files."), bytes: z.number().describe("Bytes.") })
      .nullable()
      .describe("In the newest copy."),
    kept: z.number().nullable().describe("Copies that are kept."),
    verified: z
      .strictObject({
        at: z.string().describe("When it was compared, ISO 8601."),
        snapshot: z.string().describe("Which copy."),
        good: z.boolean().describe("Whether it was the same, but for what changed since."),
      })
      .nullable()
      .describe("The last comparison of a copy with what was there."),
    lastRun: z
      .strictObject({
        result: z.enum(["ok", "failed"]).describe("How the run ended."),
        finished: z.string().describe("ISO 8601."),
        message: z.string().describe("In one line, what it did or why it failed."),
      })
      .nullable()
      .describe("The last run of the job; null when none is known of."),
  }),
);

/** How one job went. */
const jobResult = z.strictObject({
  job: z.string().describe("Host and container."),
  good: z.boolean().describe("Whether all went well."),
  summary: z.string().describe("In one line."),
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
        identical: z.number().describe("Files."),
        bytes: z.number(),
        changedSince: z
          .number()
          .describe("Written, made or removed after the copy was made; no fault of the copy."),
        excluded: z.number().describe("Left out as declared."),
        damaged: z.array(z.string()).describe("Not changed since, and yet different in the copy."),
        missing: z.array(z.string()).describe("There when the copy was made, and not in it."),
        empty: z.array(z.string()).describe("Dumps without content."),
      })
      .optional(),
  }),
);

const place = {
  source: z.string().describe("Volume name, absolute path, or the database's container."),
  files: z.number().optional().describe("What the copy has of it; absent where it has nothing."),
  bytes: z.number().optional().describe("Bytes of it."),
};

/** Schema of what `homelab backup restore <service> --json` prints: one entry for each job. */
export const restoredAnswerSchema = z.array(
  z.strictObject({
    job: z.string().describe("Host and container of the job."),
    snapshot: snapshot.describe("Which copy was put back."),
    restored: z.array(
      z.strictObject({
        ...place,
        kept: z
          .string()
          .optional()
          .describe("Where what was there lies now; absent where nothing was."),
      }),
    ),
    stopped: z.array(z.string()).describe("Containers."),
    started: z.array(z.string()).describe("Containers that run again."),
  }),
);

/** Schema of what it prints with `--all <host>`. */
export const hostRestoredAnswerSchema = z.strictObject({
  host: z.string().describe("Name of the host."),
  restored: z.array(
    z.strictObject({
      ...place,
      snapshot: snapshot.describe("Which copy was put back."),
      kept: z
        .string()
        .nullable()
        .describe("Where what was there lies now; null where nothing was."),
      problem: z.string().nullable().describe("Why it is not back; null when it is."),
    }),
  ),
  back: z.array(z.string()).describe("Was back before."),
  stays: z
    .array(
      z.strictObject({
        source: z.string().describe("What it is."),
        why: z.string().describe("Why it was left."),
      }),
    )
    .describe("Stays as it was, and why."),
  started: z.array(z.string()).describe("Containers."),
  unstarted: z
    .array(z.string())
    .optional()
    .describe("Name and reason; absent, as `staying`, where nothing was left to put back."),
  staying: z
    .array(z.string())
    .optional()
    .describe("Were not started, because their data is not back."),
});

/** Schema of `homelab backup restore --json`. */
export const restoreAnswerSchema = z.union([restoredAnswerSchema, hostRestoredAnswerSchema]);
