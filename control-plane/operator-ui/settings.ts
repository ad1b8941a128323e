import { readFile } from "node:fs/promises";
import * as z from "zod";
import { UserError } from "../../model/errors.ts";
import { line } from "../contract/words.ts";

/** Schema of the file that the page is started with. */
const settingsSchema = z.strictObject({
  version: z.literal(1),
  /** What this was built from; it is told on /healthz and in the summary. */
  build: line,
  /** Folder of the runtime state; nothing is written there. */
  root: z.string().startsWith("/"),
  /** Where counts and health are shown to whoever asks. */
  counts: z.strictObject({
    address: z.string().min(1),
    port: z.number().int().min(0).max(65_535),
  }),
  /** File with the SHA-256 of the scrape token in hexadecimal. @default nobody may scrape */
  scrapeSum: z.string().startsWith("/").optional(),
});

/** What the page is started with. */
export type Settings = z.infer<typeof settingsSchema>;

/**
 * Reads the settings.
 * @throws UserError HL-OPERATOR-UI with the path of each mistake
 */
export async function readSettings(path: string): Promise<Settings> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError("HL-OPERATOR-UI", `${path} cannot be read: ${reason}`);
  }
  const { success, data, error } = settingsSchema.safeParse(value);
  if (success) return data;
  throw new UserError("HL-OPERATOR-UI", `${path} has mistakes:\n${z.prettifyError(error)}`);
}
