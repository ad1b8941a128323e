// Whose a token is. The VPS has only the SHA-256 of each: tokens/<host>, in hexadecimal.
import { join } from "node:path";
import { bearerOf, isTokenOf, tokenSum } from "../contract/bearer.ts";
import { hostName } from "../contract/words.ts";
import type { Disk } from "./disk.ts";

/** The sums by host. A file that is empty, unreadable or anything else gives no token, and so no access. */
export function readTokens(disk: Disk, folder: string): ReadonlyMap<string, Buffer> {
  const tokens = new Map<string, Buffer>();
  for (const host of disk.list(folder)) {
    if (!hostName.safeParse(host).success) continue;
    const sum = tokenSum(textOf(disk, join(folder, host)));
    if (sum) tokens.set(host, sum);
  }
  return tokens;
}

/** The host of an Authorization header. Every sum is compared, and each takes the same time. */
export function hostOfBearer(
  tokens: ReadonlyMap<string, Buffer>,
  header: string | undefined,
): string | undefined {
  const token = bearerOf(header);
  if (token === undefined) return undefined;
  let found: string | undefined;
  for (const [host, sum] of tokens) if (isTokenOf(token, sum)) found = host;
  return found;
}

function textOf(disk: Disk, path: string): string {
  try {
    return disk.read(path) ?? "";
  } catch {
    return "";
  }
}
