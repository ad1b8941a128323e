import { spanText } from "../../deploy/times.ts";
import { cell, size, table } from "../table.ts";
import type { CopyRow, CopyState } from "./list-rows.ts";

/** What is not well stands out. */
const SHOWN: Readonly<Record<CopyState, string>> = {
  well: "well",
  new: "new",
  overdue: "OVERDUE",
  small: "SUSPICIOUSLY SMALL",
  missing: "NO COPY",
  failed: "FAILED",
  unknown: "UNKNOWN",
};
const LONGEST_DETAIL = 300;

/** For a person: a line for each place, then what is not well, with the command that helps. */
export function listText(rows: readonly CopyRow[], now: Date): string {
  const ago = (date: Date): string => spanText((now.getTime() - date.getTime()) / 1000);
  const lines = rows.map((row) => [
    `${row.host}/${row.job}`,
    row.source,
    row.newest?.id ?? "-",
    row.age === null ? "-" : `${spanText(row.age)} of ${row.maxAgeHours} h`,
    row.size === null ? "-" : size(row.size.bytes),
    row.kept === null ? "-" : String(row.kept),
    row.verified === null
      ? "never"
      : `${row.verified.good ? "good" : "NOT GOOD"}, ${ago(new Date(row.verified.at))} ago`,
    SHOWN[row.state],
  ]);
  const head = ["job", "copies", "newest", "age", "size", "kept", "verified", "state"];
  return [table(head, lines), ...remarks(rows)].join("\n");
}

/** One line for a job's places that share a reason. */
function remarks(rows: readonly CopyRow[]): string[] {
  const places = new Map<string, { row: CopyRow; sources: string[] }>();
  for (const row of rows) {
    if (row.state === "well") continue;
    const key = `${row.host}/${row.job} ${row.state} ${row.detail}`;
    const known = places.get(key);
    if (known) known.sources.push(row.source);
    else places.set(key, { row, sources: [row.source] });
  }
  return [...places.values()].map(
    ({ row, sources }) =>
      `${row.host}/${row.job} (${sources.join(", ")}): ${cell(row.detail, LONGEST_DETAIL)}${advice(row)}`,
  );
}

function advice({ state, host, job, detail }: CopyRow): string {
  const run = `npx homelab backup run ${job} ${host}`;
  switch (state) {
    case "overdue":
    case "missing":
    case "failed":
      return `. Make one now: ${run}`;
    case "small":
      return `. Look whether that is meant, before the older copies go: npx homelab backup verify ${job} --host ${host}`;
    case "unknown":
      return detail.includes("does not run") ? `: pulumi up -s ${host}` : "";
    case "new":
    case "well":
      return "";
  }
}
