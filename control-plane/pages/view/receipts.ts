// Deployments of all hosts, and what changes between two of one.
import {
  receiptDifferences,
  type Compared,
  type ReceiptDifference,
} from "../../../model/receipt-differences.ts";
import type { HostHistory } from "../../contract/page-api.ts";

/** What a deployment left on a host. */
export interface ReceiptRow {
  readonly id: string;
  readonly host: string;
  readonly receipt: HostHistory["receipts"][number];
}

/** All that are known, the newest first. @param host empty for all */
export function receiptRows(histories: readonly HostHistory[], host: string): ReceiptRow[] {
  return histories
    .filter((each) => host === "" || each.host === host)
    .flatMap(({ host: on, receipts }) =>
      receipts.map((receipt) => ({ id: `${on} ${receipt.began}`, host: on, receipt })),
    )
    .sort((a, b) => b.receipt.began.localeCompare(a.receipt.began) || a.id.localeCompare(b.id));
}

/** Two receipts that are compared; undefined where there are not two. */
export interface Pair {
  readonly before: ReceiptRow;
  readonly after: ReceiptRow;
}

/**
 * Those that somebody asked for; else the newest and the one before.
 * @param rows of one host, the newest first
 * @param from `began` of the one
 * @param to `began` of the other
 */
export function pairOf(rows: readonly ReceiptRow[], from: string, to: string): Pair | undefined {
  const after = rows.find(({ receipt }) => receipt.began === to) ?? rows[0];
  const before =
    rows.find(({ receipt }) => receipt.began === from) ??
    rows.find((each) => after && each.receipt.began < after.receipt.began);
  return after && before && before !== after ? { before, after } : undefined;
}

/** What changes between them. */
export function differencesBetween({ before, after }: Pair): ReceiptDifference[] {
  return receiptDifferences(compared(before), compared(after));
}

function compared({ receipt: { commit, plan, services } }: ReceiptRow): Compared {
  return {
    commit: commit ?? "",
    planDigest: plan ?? "",
    services: Object.fromEntries(services.map(({ service, ...rest }) => [service, rest])),
  };
}
