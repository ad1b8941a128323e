import { shellOf } from "../../deploy/staged/host-files.ts";
import { placesBelow } from "../../deploy/staged/places.ts";
import { readReceipts, type Receipt } from "../../deploy/staged/receipt.ts";
import { HostError } from "../../model/errors.ts";
import { hostsNamed } from "../arguments.ts";
import { note, print, printJson } from "../output.ts";
import { table } from "../table.ts";

/** Lists what was deployed on hosts; answers 1 when one of them is away. */
export async function history(
  hostTexts: readonly string[],
  root: string,
  json: boolean,
): Promise<number> {
  const places = placesBelow(root);
  const read = await Promise.all(
    hostsNamed(hostTexts).map(async (host) => {
      try {
        const { receipts, torn } = await readReceipts(host, shellOf(host), places);
        for (const name of torn) note(`[${host}] ${places.receipts}/${name} is no receipt`);
        return { host, receipts };
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        note(`error ${error.code} on ${host}: ${error.message}`);
        return { host, receipts: undefined };
      }
    }),
  );
  const all = read.flatMap(({ receipts }) => receipts ?? []);
  if (json) printJson(all);
  else print(historyText(all));
  return read.every(({ receipts }) => receipts) ? 0 : 1;
}

/** The receipts in columns. */
export function historyText(receipts: readonly Receipt[]): string {
  if (receipts.length === 0) return "Nothing was deployed with `homelab deploy` yet.";
  const rows = receipts.map((receipt) => [
    receipt.host,
    receipt.began.replace(/\.\d+Z$/, "Z"),
    receipt.commit.slice(0, 12),
    receipt.planDigest.slice(0, 12),
    receipt.only ?? "all",
    `${Object.values(receipt.durations)
      .reduce((sum, seconds) => sum + seconds, 0)
      .toFixed(0)} s`,
    receipt.by,
  ]);
  return table(["host", "began", "commit", "plan", "services", "took", "by"], rows);
}
