// Which token is whose. The VPS has only their SHA-256: what lies here lets nobody speak for a host.
import { join } from "node:path";
import { tokenSum } from "../contract/bearer.ts";
import type { Disk } from "./disk.ts";

/** The tokens' sums by host. A host that is declared and has none is refused. */
export type Tokens = ReadonlyMap<string, Buffer>;

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
    const sum = tokenSum(text);
    if (sum) tokens.set(host, sum);
  }
  return tokens;
}
