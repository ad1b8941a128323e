import { counted } from "../../model/counted.ts";
import type { Candidate } from "../../workspace/images/look-up.ts";
import { isNewer, type OutdatedReport, type OutdatedRow } from "../../workspace/images/outdated.ts";
import { cell, table } from "../table.ts";

/** Longest list of services in a cell; JSON has it whole. */
const LONGEST_CELL = 40;

const DAY_MS = 86_400_000;

/** The report for a person: what is newer, what could not be asked, what to type. */
export function outdatedText({ rows }: OutdatedReport, now: Date): string {
  const newer = rows.filter(isNewer);
  const failed = rows.filter(({ problem }) => problem !== null);
  const lines: string[] = [];
  if (newer.length > 0) {
    const header = ["image", "declared", "same major", "newest", "of"];
    lines.push(
      table(
        header,
        newer.map((row) => cellsOf(row, now)),
      ).trimEnd(),
    );
    lines.push(...newer.flatMap((row) => movedLine(row, now)));
  }
  const rest = rows.length - newer.length - failed.filter((row) => !isNewer(row)).length;
  lines.push(`${counted(newer.length, "image")} with something newer, ${rest} without.`);
  if (failed.length > 0) {
    lines.push(
      `${counted(failed.length, "image")} could not be asked for; run it again to ask for these alone:`,
    );
    lines.push(
      ...failed.map(
        (row) => `  ${row.image}: ${cell(row.problem ?? "", Infinity)}${lastGood(row, now)}`,
      ),
    );
  }
  const oldest = rows.flatMap(({ asked }) => asked ?? []).sort()[0];
  if (oldest !== undefined && now.getTime() > Date.parse(oldest) + 60_000) {
    lines.push(
      `The oldest answer is from ${span(oldest, now)} ago (.homelab keeps them for some hours).`,
    );
  }
  const due = newer.filter(({ due, moved }) => due !== null || moved?.ready);
  if (due.length > 0) {
    const names = due.map(({ services }) => services[0] ?? "").join(" ");
    lines.push(`-> npx homelab images update ${names}`);
  }
  return `${lines.join("\n")}\n`;
}

function cellsOf(row: OutdatedRow, now: Date): string[] {
  const colon = row.image.lastIndexOf(":");
  const bounded = row.staysInMajor ? " (no other major: its data does not go along)" : "";
  return [
    row.image.slice(0, colon),
    row.image.slice(colon + 1),
    [row.withinMajor, row.due]
      .filter(
        (one, index, all) =>
          one !== null && all.findIndex((other) => other?.tag === one.tag) === index,
      )
      .map((one) => candidateText(one, now))
      .join("\n") || "-",
    `${candidateText(row.newest, now)}${bounded}`,
    cell(row.services.join(", "), LONGEST_CELL),
  ];
}

/** A version with its age, and how long it has to wait. */
export function candidateText(found: Candidate | null, now: Date): string {
  if (found === null) return "-";
  const { tag, created, ready, readyAt } = found;
  if (created === null || readyAt === null) return `${tag} (age unknown${ready ? "" : ", waits"})`;
  const age = span(created, now);
  return ready
    ? `${tag} (${age})`
    : `${tag} (${age}, waits ${span(now.toISOString(), new Date(readyAt))})`;
}

function movedLine({ image, moved }: OutdatedRow, now: Date): string[] {
  if (moved === null) return [];
  return [
    `${image} has other bytes than the locked ones: ${moved.digest.slice(0, 19)}, ${candidateText(moved, now)}`,
  ];
}

function lastGood({ asked }: OutdatedRow, now: Date): string {
  return asked === null ? "; nothing is known of it" : `; it last answered ${span(asked, now)} ago`;
}

/** Time between two moments, in whole minutes, hours or days. */
function span(from: string, to: Date): string {
  const passed = Math.max(0, to.getTime() - Date.parse(from));
  if (passed < DAY_MS / 12) return `${Math.ceil(passed / 60_000)} min`;
  if (passed < 2 * DAY_MS) return `${Math.round(passed / (DAY_MS / 24))} h`;
  return `${Math.round(passed / DAY_MS)} d`;
}
