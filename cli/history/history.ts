import { holdText, readHold } from "../../deploy/staged/hold.ts";
import { shellOf } from "../../deploy/staged/host-files.ts";
import { placesBelow } from "../../deploy/staged/places.ts";
import { isNamed, readReceipts, shortTime, type Receipt } from "../../deploy/staged/receipt.ts";
import { receiptDifferences } from "../../model/receipt-differences.ts";
import { HostError, UserError } from "../../model/errors.ts";
import { hostsNamed } from "../arguments.ts";
import { note, print, printJson } from "../output.ts";
import { table } from "../table.ts";
import { differencesText } from "./differences-text.ts";
import { differencesSchema, receiptsSchema } from "./answer.ts";

/** How `homelab history` was called. */
export interface HistoryOptions {
  readonly root: string;
  /** Two deployments of one host. @default they are listed */
  readonly diff?: readonly string[];
  readonly json: boolean;
}

/** Lists what was deployed on hosts, or compares two of it; answers 1 when a host is away. */
export async function history(
  hostTexts: readonly string[],
  { root, diff, json }: HistoryOptions,
): Promise<number> {
  const places = placesBelow(root);
  if (diff && (diff.length !== 2 || hostTexts.length !== 1)) {
    throw new UserError("HL-USAGE", "--diff compares two deployments of one host");
  }
  const read = await Promise.all(
    hostsNamed(hostTexts).map(async (host) => {
      try {
        const shell = shellOf(host);
        const [{ receipts, torn }, hold] = await Promise.all([
          readReceipts(host, shell, places),
          readHold(host, shell, places),
        ]);
        if (hold) note(holdText(host, hold));
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
  if (diff && all.length > 0) printDifferences(all, diff, json);
  else if (json) printJson(receiptsSchema, all);
  else print(historyText(all));
  return read.every(({ receipts }) => receipts) ? 0 : 1;
}

function printDifferences(
  receipts: readonly Receipt[],
  names: readonly string[],
  json: boolean,
): void {
  const [before, after] = names.map((name) => receiptNamed(receipts, name));
  if (!before || !after) return;
  const differences = receiptDifferences(before, after);
  if (json) printJson(differencesSchema, differences);
  else if (differences.length === 0) print("No difference.");
  else print(differencesText(differences));
}

function receiptNamed(receipts: readonly Receipt[], name: string): Receipt {
  const found = receipts.find((receipt) => isNamed(receipt, name));
  if (found) return found;
  const known = receipts.map(({ began }) => shortTime(began)).join(", ");
  throw new UserError("HL-USAGE", `there is no deployment "${name}"; there are ${known}`);
}

function servicesText({ only, putBack }: Receipt): string {
  const what = only ?? "all";
  return putBack === undefined ? what : `${what}; put back: ${putBack.services.join(", ")}`;
}

/** The receipts in columns. */
export function historyText(receipts: readonly Receipt[]): string {
  if (receipts.length === 0) return "Nothing was deployed with `homelab deploy` yet.";
  const rows = receipts.map((receipt) => [
    receipt.host,
    shortTime(receipt.began),
    receipt.commit.slice(0, 12),
    receipt.planDigest.slice(0, 12),
    servicesText(receipt),
    `${Object.values(receipt.durations)
      .reduce((sum, seconds) => sum + seconds, 0)
      .toFixed(0)} s`,
    receipt.by,
  ]);
  return table(["host", "began", "commit", "plan", "services", "took", "by"], rows);
}
