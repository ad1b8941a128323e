import { z } from "zod";

/** Schema of `homelab images update --json`. */
export const updateAnswerSchema = z.strictObject({
  updates: z
    .array(
      z.strictObject({
        from: z.string().describe("The image that was declared."),
        to: z.string().describe("The image that is declared now."),
        digest: z.string().describe("Of its very bytes, by the registry."),
        created: z.string().nullable().describe("When it was made, ISO 8601; null: unknown."),
        services: z.array(z.string()).describe("Who runs it."),
        data: z
          .enum(["none", "one-way", "back", "closed"])
          .describe(
            "What becomes of data. none: nothing. one-way: an older version does not open it afterwards. back: this is the older one, and does not open what the newer wrote. closed: neither opens the other's.",
          ),
        releases: z.array(z.string()).describe("Pages that say what is new."),
      }),
    )
    .describe("What was written."),
  stays: z
    .array(
      z.strictObject({
        image: z.string().describe("The image as it is declared."),
        services: z.array(z.string()).describe("Who runs it."),
        why: z.string().describe("In one sentence."),
        isNewer: z.boolean().describe("Whether something newer is there all the same."),
        byHand: z
          .array(
            z.strictObject({
              file: z.string().describe("Path in the checkout."),
              line: z.number().describe("From 1 on."),
              text: z.string().describe("What stands there."),
            }),
          )
          .describe("Lines that a person changes instead."),
      }),
    )
    .describe("What is as it was."),
  written: z.array(z.string()).describe("Paths of the files that were written."),
});
