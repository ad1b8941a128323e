import { mistakeText } from "../../compose/mistake.ts";
import { counted } from "../../model/counted.ts";
import { cell, table } from "../table.ts";
import type { HostOverrides, OverridesReport } from "./report.ts";

/** Longest text in a cell; JSON has it whole. */
const LONGEST_CELL = 60;

/** The report for a person: for each host what is overridden, then what of it cannot be. */
export function overridesTable({ hosts }: OverridesReport): string {
  return hosts.map(hostText).join("\n");
}

function hostText({ host, away, overridden, mistakes }: HostOverrides): string {
  if (away !== null) return `${host}: NOT KNOWN, ${away}\n`;
  const count = overridden.length === 0 ? "nothing overridden" : `${overridden.length} overridden`;
  const wrong = mistakes.length === 0 ? "" : `, ${counted(mistakes.length, "mistake")}`;
  const rows = overridden.map(({ file, line, key, old, next }) => [
    `${file}:${line ?? 1}`,
    cell(key, LONGEST_CELL),
    cell(old ?? "-", LONGEST_CELL),
    cell(next, LONGEST_CELL),
  ]);
  return [
    `${host}: ${count}${wrong}\n`,
    rows.length === 0 ? "" : table(["file", "key", "declared", "overridden"], rows),
    ...mistakes.map((mistake) => `MISTAKE ${cell(mistakeText(mistake), Infinity)}\n`),
  ].join("");
}
