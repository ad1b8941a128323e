import * as z from "zod";
import { readSettingsFile } from "../contract/settings-file.ts";
import { hostName, line } from "../contract/words.ts";

/** Schema of the file that the Observer is started with. */
const settingsSchema = z.strictObject({
  version: z.literal(1),
  /** What this was built from; it is told on /healthz. */
  build: line,
  /** Folder of the runtime state. */
  root: z.string().startsWith("/"),
  listen: z.strictObject({
    /** Address of the mesh, or of the container's network. */
    address: z.string().min(1),
    port: z.number().int().min(0).max(65_535),
  }),
  /** Folder with a file for each host: the SHA-256 of its token in hexadecimal. */
  tokens: z.string().startsWith("/"),
  hosts: z.record(
    hostName,
    z.strictObject({
      /** Silence after which the host is unreachable: a few times what it says in `aliveSeconds`. */
      silentAfterSeconds: z.number().positive(),
    }),
  ),
  keep: z.strictObject({
    /** Newest days with events. */
    days: z.number().int().positive(),
    bytes: z.number().int().positive(),
  }),
});

/** What the Observer is started with. */
export type Settings = z.infer<typeof settingsSchema>;

/**
 * Reads the settings.
 * @throws UserError HL-OBSERVER with the path of each mistake
 */
export function readSettings(path: string): Promise<Settings> {
  return readSettingsFile(path, settingsSchema, "HL-OBSERVER");
}
