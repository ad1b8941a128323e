import * as z from "zod";

/** What `homelab import --json` answers. */
export const importReportSchema = z.strictObject({
  version: z.literal(1),
  exitCode: z.union([z.literal(0), z.literal(3)]),
  app: z.string(),
  host: z.string(),
  /** Paths below the checkout, the plan first. */
  files: z.array(z.string()),
  /** False with --print. */
  written: z.boolean(),
  /** The lines that a person adds, and the file of each. */
  lines: z.array(z.strictObject({ file: z.string(), line: z.string() })),
  findings: z.array(
    z.strictObject({
      kind: z.enum(["decide", "changed", "assumed", "dropped"]),
      /** Place in the Compose file; file and line are null for what is about it as a whole. */
      compose: z.strictObject({
        file: z.string().nullable(),
        line: z.number().nullable(),
        path: z.string(),
      }),
      /** Place of the mark in a written file; null for what is no decision. */
      plan: z.strictObject({ file: z.string(), line: z.number() }).nullable(),
      message: z.string(),
    }),
  ),
  /** What `homelab validate` is going to say of it. */
  problems: z.array(z.strictObject({ path: z.string(), message: z.string() })),
  /** Names in the stack's config; where its value stands today, null where one is made. */
  secrets: z.array(z.strictObject({ name: z.string(), standsIn: z.string().nullable() })),
  /** Commands that bring what runs today under the program. */
  adopt: z.array(z.string()),
});

/** What `homelab import --json` answers. */
export type ImportReport = z.infer<typeof importReportSchema>;
