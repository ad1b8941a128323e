import type { DriftReport, DriftRow, HostReport } from "../../deploy/drift/rows.ts";
import { counted } from "../../model/counted.ts";
import { cell, table } from "../table.ts";

/** Longest text in a cell; JSON has it whole. */
const LONGEST_CELL = 72;

/** The report for a person: for each host a verdict, a table, and what to do. */
export function driftText({ hosts }: DriftReport): string {
  return hosts.map(hostText).join("\n");
}

function hostText({ host, verdict, absent, rows, hints, others }: HostReport): string {
  const lines = [`${host}: ${absent ? "away, as it may be" : verdictText(verdict, rows)}`];
  if (rows.length > 0) {
    lines.push(differencesTable(rows).trimEnd());
  }
  lines.push(...hints.map((hint) => `-> ${cell(hint, Infinity)}`));
  if (others.length > 0) {
    const names = others.map(({ kind, name, owner }) => `${kind} ${name} (${owner})`);
    lines.push(`left alone, it belongs to others: ${cell(names.join(", "), Infinity)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The differences in columns. */
export function differencesTable(rows: readonly DriftRow[]): string {
  return table(["what", "name", "field", "declared", "found"], rows.map(cellsOf));
}

function verdictText(verdict: HostReport["verdict"], rows: readonly DriftRow[]): string {
  switch (verdict) {
    case "none":
      return "as declared";
    case "drift":
      return counted(rows.length, "difference");
    case "unknown":
      return "NOT KNOWN";
  }
}

function cellsOf({ kind, name, change, field, declared, found }: DriftRow): string[] {
  return [
    `${kind} ${change}`,
    cell(name, LONGEST_CELL),
    cell(field, LONGEST_CELL),
    cell(declared ?? "-", LONGEST_CELL),
    cell(found ?? "-", LONGEST_CELL),
  ];
}
