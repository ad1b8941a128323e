// Whose a token is. The VPS has only the SHA-256 of each: tokens/<host>, in hexadecimal.
import { createHash, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { hostName } from "../contract/words.ts";
import type { Disk } from "./disk.ts";

/** Shorter ones could be guessed. */
const TOKEN = /^[A-Za-z0-9_-]{32,256}$/;
const SUM = /^[0-9a-f]{64}\n?$/;

/** The sums by host. A file that is empty, unreadable or anything else gives no token, and so no access. */
export function readTokens(disk: Disk, folder: string): ReadonlyMap<string, Buffer> {
  const tokens = new Map<string, Buffer>();
  for (const host of disk.list(folder)) {
    if (!hostName.safeParse(host).success) continue;
    const text = textOf(disk, join(folder, host));
    if (SUM.test(text)) tokens.set(host, Buffer.from(text.trim(), "hex"));
  }
  return tokens;
}

/** The host of an Authorization header. Every sum is compared, and each takes the same time. */
export function hostOfBearer(
  tokens: ReadonlyMap<string, Buffer>,
  header: string | undefined,
): string | undefined {
  const [, token = ""] = /^Bearer ([^ ]+)$/.exec(header ?? "") ?? [];
  if (!TOKEN.test(token)) return undefined;
  const sum = createHash("sha256").update(token).digest();
  let found: string | undefined;
  for (const [host, known] of tokens) if (timingSafeEqual(sum, known)) found = host;
  return found;
}

function textOf(disk: Disk, path: string): string {
  try {
    return disk.read(path) ?? "";
  } catch {
    return "";
  }
}
