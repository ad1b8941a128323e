// Whose a token is. The VPS has only the SHA-256 of each: tokens/<host>, in hexadecimal.
import { join } from "node:path";
import { bearerOf, holderOf, tokenSum } from "../contract/bearer.ts";
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

/** The host of an Authorization header. */
export function hostOfBearer(
  tokens: ReadonlyMap<string, Buffer>,
  header: string | undefined,
): string | undefined {
  const token = bearerOf(header);
  return token === undefined ? undefined : holderOf(tokens, token);
}

function textOf(disk: Disk, path: string): string {
  try {
    return disk.read(path) ?? "";
  } catch {
    return "";
  }
}
