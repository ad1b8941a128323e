// What lies behind a host: its last boot and its deployments. Too much for a state that is sent each
// few seconds, and asked for by who looks at it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { HostHistory } from "../../contract/page-api.ts";
import { parseHostWorld } from "../../contract/world.ts";

/**
 * The history of a host; undefined for one that is not known.
 * @param root /opt/homelab, unless it is tried elsewhere
 * @param host a name by the contract, which is no path
 * @param now milliseconds since 1970
 */
export async function historyOf(
  root: string,
  host: string,
  now: number,
): Promise<HostHistory | undefined> {
  const text = await readFile(join(root, "world", `${host}.json`), "utf8").catch(() => "");
  const world = parseHostWorld(text);
  if (world?.host !== host) return undefined;
  const { boot = null, receipts = [], hold } = world;
  return { version: 1, at: new Date(now).toISOString(), host, boot, receipts, hold };
}
