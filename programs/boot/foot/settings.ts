// Whom on the VPS this host talks to: the Observer, and the Executor. Each has a file of its own.
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { bearerOf } from "../../../control-plane/contract/bearer.ts";
import { hostName } from "../../../control-plane/contract/words.ts";
import { proxySettings } from "./certificate.ts";
import { jsonIn } from "../../../model/json-in.ts";

/** Schema of /etc/homelab/observer.json. What a later version adds is passed over. */
export const observerSettings = z.object({
  version: z.literal(1),
  host: hostName,
  /** Of the one that is talked to, without a path: "http://100.64.0.1:8600". */
  url: z.string().refine(isAddress, 'has to be "http://<address>:<port>"'),
  /** Absolute path of the file that holds the host's token, and nothing else. */
  tokenFile: z.string().startsWith("/"),
  /** Whom to tell that the host at that address is away. */
  whenAway: z
    .object({
      watched: hostName,
      webhook: z.url({ protocol: /^https?$/ }),
      afterSeconds: z.number().int().positive(),
    })
    .optional(),
  /** The proxy whose certificates are looked at. @default none */
  proxy: proxySettings.optional(),
});

/** Whom it tells what it sees. */
export type ObserverSettings = z.infer<typeof observerSettings>;

/** Schema of /etc/homelab/actor.json. */
export const actorSettings = observerSettings.extend({
  /** Absolute path of the keys that may sign orders, which a deployment from the desk put there. */
  allowedSigners: z.string().startsWith("/"),
});

/** Who is talked to, by whom. */
export interface Address {
  readonly host: string;
  readonly url: string;
  readonly token: string;
}

/** What the file says. "off": there is none. */
export type ReadSettings<Settings> =
  | { readonly kind: "off" }
  | Broken
  | { readonly kind: "on"; readonly address: Address; readonly settings: Settings };

interface Broken {
  readonly kind: "broken";
  readonly reason: string;
}

/**
 * Reads the settings and the token that they name. No reason quotes what stands in either file.
 * @param host whose plan is followed here
 */
export async function readSettings<Settings extends z.infer<typeof observerSettings>>(
  path: string,
  host: string,
  schema: z.ZodType<Settings>,
): Promise<ReadSettings<Settings>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    return codeOf(error) === "ENOENT" ? { kind: "off" } : broken(path, codeOf(error));
  }
  const { success, data, error } = schema.safeParse(jsonIn(text));
  if (!success) {
    const [issue] = error.issues;
    return broken([path, ...(issue?.path ?? [])].join(" "), issue?.message ?? "is wrong");
  }
  if (data.host !== host) return broken(path, `is for another host than ${host}`);
  try {
    const token = bearerOf(`Bearer ${(await readFile(data.tokenFile, "utf8")).replace(/\n$/, "")}`);
    if (token === undefined) return broken(data.tokenFile, "does not hold a token alone");
    const address = { host, url: new URL(data.url).origin, token };
    return { kind: "on", address, settings: data };
  } catch (error) {
    return broken(data.tokenFile, codeOf(error));
  }
}

function broken(where: string, reason: string): Broken {
  return { kind: "broken", reason: `${where}: ${reason}` };
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
