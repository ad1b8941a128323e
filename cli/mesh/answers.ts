import { z } from "zod";

/** Schema of `homelab mesh list --json`. */
export const membersAnswerSchema = z.array(
  z.strictObject({
    name: z.string(),
    address: z.string().optional().describe("Its IPv4 address; absent where it has none."),
    tags: z.array(z.string()),
    online: z.boolean(),
    lastSeen: z.string().optional().describe("ISO 8601; absent when it never came."),
  }),
);

/** Schema of `homelab mesh invite --json`. The key is in it. */
export const invitationSchema = z.strictObject({
  device: z.string(),
  kind: z
    .enum(["computer", "phone"])
    .describe("What it may reach: everything, or what phones may."),
  server: z.string().describe("Where the device logs in."),
  key: z.string().describe("Good once."),
  goodUntil: z.string().describe("ISO 8601."),
});
