import { z } from "zod";
import { receiptSchema } from "../../deploy/staged/receipt.ts";

/** Schema of what `homelab history --json` prints: the receipts, newest first of each host. */
export const receiptsSchema = z.array(receiptSchema);

/** Schema of what it prints with `--diff`. */
export const differencesSchema = z.array(
  z.strictObject({
    name: z.string().describe('A service, or "commit" and "plan" of the whole.'),
    change: z.enum(["added", "removed", "image", "settings", "commit", "plan"]),
    before: z.string().nullable(),
    after: z.string().nullable(),
  }),
);

/** Schema of `homelab history --json`. */
export const historyAnswerSchema = z.union([receiptsSchema, differencesSchema]);
