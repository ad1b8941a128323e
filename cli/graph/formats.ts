import { counted } from "../../model/counted.ts";
import { hostOf } from "../../model/graph.ts";
import { table } from "../table.ts";
import { needsOf, shortName, type GraphReport } from "./report.ts";

/** Longest list of names in a line; the rest is counted. */
const MOST_NAMES = 8;

/** For people. */
export function textGraph(report: GraphReport): string {
  const name = (id: string): string => (report.of === "all" ? id : shortName(id, report.of));
  const needs = needsOf(report);
  const rows = report.levels.flatMap((ids, level) =>
    ids.map((id, index) => [
      index === 0 ? String(level) : "",
      name(id),
      nameList(needs.get(id) ?? []),
    ]),
  );
  // Who waits for everything would stand in every line and say nothing there.
  const last = [...needs].filter(([, list]) => list.length > MOST_NAMES).map(([id]) => id);
  const breaks = Object.entries(report.breakage).flatMap(([id, { broken, degraded }]) => {
    const suffering = degraded.filter((other) => !last.includes(other));
    return broken.length + suffering.length === 0
      ? []
      : [[name(id), nameList(broken.map(name)), nameList(suffering.map(name))]];
  });
  return [
    table(["level", "name", "needs"], rows),
    `Critical path (${counted(report.criticalPath.length, "step")}): ${report.criticalPath.map(name).join(" -> ")}\n`,
    ...(report.essentials.length === 0
      ? []
      : [`The least that has to run: ${report.essentials.map(name).join(", ")}\n`]),
    `Restart order after an outage:\n${numbered(report.restartOrder.map(name))}`,
    ...(breaks.length === 0
      ? []
      : [`What breaks:\n${table(["without", "cannot run", "runs degraded"], breaks)}`]),
    ...(last.length === 0
      ? []
      : [`Left out there, because most others come first: ${last.map(name).join(", ")}\n`]),
  ].join("\n");
}

function numbered(names: readonly string[]): string {
  const width = String(names.length).length;
  return names.map((name, index) => `  ${String(index + 1).padStart(width)}. ${name}\n`).join("");
}

function nameList(names: readonly string[]): string {
  if (names.length === 0) return "-";
  if (names.length <= MOST_NAMES) return names.join(", ");
  return `${names.slice(0, MOST_NAMES).join(", ")} and ${names.length - MOST_NAMES} more`;
}

/** What one missing node does, in words and whole. */
export function withoutText(
  id: string,
  breakage: { readonly broken: readonly string[]; readonly degraded: readonly string[] },
): string {
  const list = (names: readonly string[]): string =>
    names.length === 0 ? "  nothing\n" : names.map((name) => `  ${name}\n`).join("");
  return `Without ${id}\ncannot run:\n${list(breakage.broken)}run degraded:\n${list(breakage.degraded)}`;
}

/** For a Markdown page: soft edges are dashed. */
export function mermaidGraph(report: GraphReport): string {
  const key = (id: string): string => id.replaceAll(/[^A-Za-z0-9]/g, "_");
  const nodes = drawnNodes(report).map((id) =>
    id.includes("/gate:")
      ? `  ${key(id)}{{"${label(report, id)}"}}`
      : `  ${key(id)}["${label(report, id)}"]`,
  );
  const edges = report.edges.map(
    (edge) => `  ${key(edge.to)} ${edge.strength === "soft" ? "-.->" : "-->"} ${key(edge.from)}`,
  );
  return ["flowchart LR", ...nodes, ...edges, ""].join("\n");
}

/** For Graphviz: soft edges are dashed. An arrow leads from what is needed to who needs it. */
export function dotGraph(report: GraphReport): string {
  const nodes = drawnNodes(report).map((id) => {
    const shape = id.includes("/gate:") ? "hexagon" : "box";
    return `  "${id}" [label="${label(report, id)}", shape=${shape}];`;
  });
  const edges = report.edges.map(
    (edge) =>
      `  "${edge.to}" -> "${edge.from}"${edge.strength === "soft" ? " [style=dashed]" : ""};`,
  );
  return ["digraph homelab {", "  rankdir=LR;", ...nodes, ...edges, "}", ""].join("\n");
}

/** The nodes of the report and those of other hosts that an edge leads to. */
function drawnNodes(report: GraphReport): string[] {
  return [...new Set([...report.levels.flat(), ...report.edges.map((edge) => edge.to)])];
}

function label(report: GraphReport, id: string): string {
  return report.of === hostOf(id) ? shortName(id, report.of) : id;
}
