// What deployments left on this host: root's own files, each written whole and never changed.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  MOST_RECEIPTS,
  receiptOf,
  type ToldReceipt,
} from "../../../control-plane/contract/host-history.ts";

/** Names of the newest receipts, oldest first; none before the first deployment. */
export async function newestReceipts(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  // Their names are in the order of the deployments.
  const files = names.filter((name) => name.endsWith(".json")).sort();
  return files.slice(-MOST_RECEIPTS);
}

/** A receipt; undefined for a file that is none. */
export async function readReceipt(folder: string, name: string): Promise<ToldReceipt | undefined> {
  return receiptOf(await readFile(join(folder, name), "utf8").catch(() => ""));
}
