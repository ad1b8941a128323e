import { z } from "zod";

/** Schema of `homelab mesh list --json`. */
export const membersAnswerSchema = z.array(
  z.strictObject({
    name: z.string(),
    /** Its IPv4 address; absent where it has none. */
    address: z.string().optional(),
    tags: z.array(z.string()),
    online: z.boolean(),
    /** ISO 8601; absent when it never came. */
    lastSeen: z.string().optional(),
  }),
);

/** Schema of `homelab mesh invite --json`. The key is in it. */
export const invitationSchema = z.strictObject({
  device: z.string(),
  /** What it may reach: everything, or what phones may. */
  kind: z.enum(["computer", "phone"]),
  /** Where the device logs in. */
  server: z.string(),
  /** Good once. */
  key: z.string(),
  /** ISO 8601. */
  goodUntil: z.string(),
});
