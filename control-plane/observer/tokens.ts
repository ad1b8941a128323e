// Which token is whose. The VPS has only their SHA-256: a token is random and long, so that nobody
// finds it by its sum, and what lies here lets nobody speak for a host.
import { createHash, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import type { Disk } from "./disk.ts";

/** The tokens' sums by host. A host that is declared and has none is refused. */
export type Tokens = ReadonlyMap<string, Buffer>;

/** Shorter ones could be guessed. */
const TOKEN = /^[A-Za-z0-9_-]{32,256}$/;
const SUM = /^[0-9a-f]{64}\n?$/;

/**
 * Reads <folder>/<host> of each host: the SHA-256 of its token in hexadecimal. A file that is absent,
 * empty or anything else gives no token, and so no access.
 */
export async function readTokens(
  disk: Disk,
  folder: string,
  hosts: readonly string[],
): Promise<Tokens> {
  const tokens = new Map<string, Buffer>();
  for (const host of hosts) {
    const text = await disk.read(join(folder, host)).then(
      (bytes) => bytes?.toString("latin1") ?? "",
      () => "",
    );
    if (SUM.test(text)) tokens.set(host, Buffer.from(text.trim(), "hex"));
  }
  return tokens;
}

/** The host whose token it is. Every sum is compared, and each takes the same time. */
export function hostOf(tokens: Tokens, token: string): string | undefined {
  const sum = createHash("sha256").update(token).digest();
  let found: string | undefined;
  for (const [host, known] of tokens) {
    if (timingSafeEqual(sum, known)) found = host;
  }
  return found;
}

/** The token of an Authorization header; undefined where it holds none. */
export function bearerOf(header: string | undefined): string | undefined {
  const [, token] = /^Bearer ([^ ]+)$/.exec(header ?? "") ?? [];
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}
