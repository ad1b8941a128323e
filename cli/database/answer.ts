import { z } from "zod";

/** Schema of `homelab database convert --json`. */
export const convertAnswerSchema = z.strictObject({
  host: z.string().describe("Where the database runs."),
  database: z.string().describe("Its container."),
  from: z.string().describe("The image that it ran."),
  to: z.string().describe("The image that is declared."),
  converted: z.boolean().describe("false: it ran that image already, and nothing was done."),
  tables: z.number().describe("Tables that were compared, each equal row for row."),
  kept: z
    .array(
      z.strictObject({
        volume: z.string().describe("The volume that was replaced."),
        path: z.string().describe("Where what was in it is kept on the host."),
      }),
    )
    .describe("What a person removes once they have looked."),
});
