import type { CheckRow } from "../../hosts/inspection/rows.ts";
import { counted } from "../../model/counted.ts";
import { table } from "../table.ts";

/** The rows of a checklist as a table, with what to do below what is not ok, and how many of each. */
export function checkText(rows: readonly CheckRow[]): string {
  const words = { ok: "ok", warning: "warning", failure: "FAILURE" } as const;
  const lines = rows.map(({ host, check: what, state, seen, remedy }) => [
    host,
    what,
    words[state],
    remedy === "" ? seen : `${seen}\n-> ${remedy}`,
  ]);
  const count = (state: CheckRow["state"]): number =>
    rows.filter((row) => row.state === state).length;
  return `${table(["host", "check", "state", "seen"], lines)}\n${count("ok")} ok, ${counted(count("warning"), "warning")}, ${counted(count("failure"), "failure")}\n`;
}
