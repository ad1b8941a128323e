import * as z from "zod";
import { readSettingsFile } from "../contract/settings-file.ts";
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
export function readSettings(path: string): Promise<Settings> {
  return readSettingsFile(path, settingsSchema, "HL-OPERATOR-UI");
}
