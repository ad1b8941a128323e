import type { ReceiptDifference } from "../../model/receipt-differences.ts";
import { table } from "../table.ts";

/** What changes from one deployment to another, in columns. */
export function differencesText(differences: readonly ReceiptDifference[]): string {
  const rows = differences.map(({ name, change, before, after }) => [
    name,
    change,
    before ?? "-",
    after ?? "-",
  ]);
  return table(["name", "change", "before", "after"], rows);
}
