// Whether this host tells an Observer what it sees, and which one.
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { bearerOf } from "../../../control-plane/contract/bearer.ts";
import { hostName } from "../../../control-plane/contract/words.ts";

/** Schema of /etc/homelab/observer.json. What a later version adds is passed over. */
const settingsSchema = z.object({
  version: z.literal(1),
  host: hostName,
  /** Of the Observer, without a path: "http://100.64.0.1:8600". */
  url: z.string().refine(isAddress, 'has to be "http://<address>:<port>"'),
  /** Absolute path of the file that holds the host's token, and nothing else. */
  tokenFile: z.string().startsWith("/"),
});

/** Who is told, by whom. */
export interface Address {
  readonly host: string;
  readonly url: string;
  readonly token: string;
}

/** What the file says. "off": there is none. */
export type ReadSettings =
  | { readonly kind: "off" }
  | { readonly kind: "broken"; readonly reason: string }
  | { readonly kind: "on"; readonly address: Address };

/**
 * Reads the settings and the token that they name. No reason quotes what stands in either file.
 * @param host whose plan is followed here
 */
export async function readSettings(path: string, host: string): Promise<ReadSettings> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    return codeOf(error) === "ENOENT" ? { kind: "off" } : broken(path, codeOf(error));
  }
  const { success, data, error } = settingsSchema.safeParse(jsonIn(text));
  if (!success) {
    const [issue] = error.issues;
    return broken([path, ...(issue?.path ?? [])].join(" "), issue?.message ?? "is wrong");
  }
  if (data.host !== host) return broken(path, `is for another host than ${host}`);
  try {
    const token = bearerOf(`Bearer ${(await readFile(data.tokenFile, "utf8")).replace(/\n$/, "")}`);
    if (token === undefined) return broken(data.tokenFile, "does not hold a token alone");
    return { kind: "on", address: { host, url: new URL(data.url).origin, token } };
  } catch (error) {
    return broken(data.tokenFile, codeOf(error));
  }
}

function broken(where: string, reason: string): ReadSettings {
  return { kind: "broken", reason: `${where}: ${reason}` };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAddress(text: string): boolean {
  try {
    const { protocol, username, password, pathname, search, hash } = new URL(text);
    return protocol === "http:" && [username, password, pathname, search, hash].join("") === "/";
  } catch {
    return false;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "EUNKNOWN";
}
