import * as z from "zod";
import { readSettingsFile } from "../contract/settings-file.ts";
import { line } from "../contract/words.ts";

const listen = z.strictObject({
  address: z.string().min(1),
  port: z.number().int().min(0).max(65_535),
});

/** The listener that asks for a login. */
const page = z.strictObject({
  listen,
  /** Where people reach it, as they write it into a browser, e.g. "https://home.example/homelab/". */
  urls: z.array(z.url({ protocol: /^https?$/ })).min(1),
  /** Further values of `Host` by which a reverse proxy asks, e.g. "control-plane-ui:8080". */
  ownHosts: z.array(z.string().min(1)).default([]),
  /** File with who may log in. */
  users: z.string().startsWith("/"),
  /** Folder of index.html, page.js and page.css. */
  files: z.string().startsWith("/"),
  /** File with the graph, as the page is sent it. */
  graph: z.string().startsWith("/"),
});

/** Schema of the file that the page is started with. */
const settingsSchema = z.strictObject({
  version: z.literal(1),
  /** What this was built from; it is told on /healthz and in the summary. */
  build: line,
  /** Folder of the runtime state; nothing is written there. */
  root: z.string().startsWith("/"),
  /** Where counts and health are shown to whoever asks. */
  counts: listen,
  /** File with the SHA-256 of the scrape token in hexadecimal. @default nobody may scrape */
  scrapeSum: z.string().startsWith("/").optional(),
  /** @default only counts and health are shown */
  page: page.optional(),
});

/** What the page is started with. */
export type Settings = z.infer<typeof settingsSchema>;

/** How the listener is set that asks for a login. */
export type PageSettings = NonNullable<Settings["page"]>;

/**
 * Reads the settings.
 * @throws UserError HL-OPERATOR-UI with the path of each mistake
 */
export function readSettings(path: string): Promise<Settings> {
  return readSettingsFile(path, settingsSchema, "HL-OPERATOR-UI");
}
