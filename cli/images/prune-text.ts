import type { HostPrune } from "../../deploy/images/prune-report.ts";
import { shortTime } from "../../deploy/staged/receipt.ts";
import { counted } from "../../model/counted.ts";
import { cell, size, table } from "../table.ts";

/** Longest name in the table; JSON has it whole. */
const LONGEST_CELL = 72;

/** For each host what goes or is gone, what stays, and how far a rollback reaches. */
export function pruneText(hosts: readonly HostPrune[]): string {
  return hosts.map(hostText).join("\n");
}

function hostText(pruned: HostPrune): string {
  const { host, removed, stayed, kept, foreign, problem } = pruned;
  const lines = [`${host}: ${headline(pruned)}`];
  if (removed.length > 0) {
    const rows = removed.map(({ names, bytes }) => [nameText(names), size(bytes)]);
    lines.push(table([pruned.outcome === "planned" ? "goes" : "gone", "at most"], rows).trimEnd());
  }
  lines.push(
    ...stayed.map((image) => `stayed: ${nameText(image.names)} (${cell(image.problem, 200)})`),
  );
  const { reach } = pruned;
  if (reach === null) {
    if (problem !== null) lines.push("Nothing was removed.");
    return `${lines.join("\n")}\n`;
  }
  lines.push(`${counted(kept, "image")} of ours stay. ${reachText(reach)}`);
  if (foreign.length > 0) {
    const names = foreign.map((image) => nameText(image.names)).join(", ");
    lines.push(`left alone, nothing here ever named it: ${cell(names, 400)}`);
  }
  return `${lines.join("\n")}\n`;
}

function headline({ outcome, problem, removed, bytes }: HostPrune): string {
  const amount = `${counted(removed.length, "image")}, at most ${size(bytes)}`;
  switch (outcome) {
    case "planned":
      return removed.length === 0 ? "nothing to remove" : `${amount} to remove`;
    case "done":
      return removed.length === 0 ? "nothing to remove" : `${amount} removed`;
    case "failed":
      return `${amount} removed, ${problem ?? ""}`;
    case "unsure":
      return `NOT KNOWN: ${cell(problem ?? "", Infinity)}`;
    case "away":
      return `AWAY: ${cell(problem ?? "", Infinity)}`;
    case "refused":
      return `REFUSED: ${cell(problem ?? "", Infinity)}`;
  }
}

/** What a rollback can count on. */
function reachText({ deployments, since, missing }: NonNullable<HostPrune["reach"]>): string {
  const before =
    missing === null
      ? ""
      : ` The one before lacks ${cell(missing.replace(/@.*/, ""), LONGEST_CELL)}.`;
  if (since === null) {
    return missing === null
      ? "There is no receipt of `homelab deploy`, so no older image is kept for a rollback."
      : `No deployment has all its images here: the last one lacks ${cell(missing.replace(/@.*/, ""), LONGEST_CELL)}.`;
  }
  const which =
    deployments === 1 ? "the last deployment alone" : `the last ${deployments} deployments`;
  return `Going back needs no network to ${which}, since ${shortTime(since)}.${before}`;
}

/** One name for a person: by digest, with the beginning of it. */
function nameText(names: readonly string[]): string {
  const [first = "an image without a name"] = names;
  return cell(first.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+/, "$1"), LONGEST_CELL);
}
