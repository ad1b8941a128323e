import * as z from "zod";

/** What `homelab import --json` answers. */
export const importReportSchema = z.strictObject({
  version: z.literal(1),
  exitCode: z.union([z.literal(0), z.literal(3)]),
  app: z.string(),
  host: z.string(),
  files: z.array(z.string()).describe("Paths below the checkout, the plan first."),
  written: z.boolean().describe("False with --print."),
  lines: z
    .array(z.strictObject({ file: z.string(), line: z.string() }))
    .describe("The lines that a person adds, and the file of each."),
  findings: z.array(
    z.strictObject({
      kind: z.enum(["decide", "changed", "assumed", "dropped"]),
      compose: z
        .strictObject({
          file: z.string().nullable(),
          line: z.number().nullable(),
          path: z.string(),
        })
        .describe(
          "Place in the Compose file; file and line are null for what is about it as a whole.",
        ),
      plan: z
        .strictObject({ file: z.string(), line: z.number() })
        .nullable()
        .describe("Place of the mark in a written file; null for what is no decision."),
      message: z.string(),
    }),
  ),
  problems: z
    .array(z.strictObject({ path: z.string(), message: z.string() }))
    .describe("What `homelab validate` is going to say of it."),
  secrets: z
    .array(z.strictObject({ name: z.string(), standsIn: z.string().nullable() }))
    .describe("Names in the stack's config; where its value stands today, null where one is made."),
  adopt: z.array(z.string()).describe("Commands that bring what runs today under the program."),
});

/** What `homelab import --json` answers. */
export type ImportReport = z.infer<typeof importReportSchema>;
