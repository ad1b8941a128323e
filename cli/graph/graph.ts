import { buildGraph } from "../../model/graph.ts";
import { breakageWithout } from "../../model/orders.ts";
import { hostNamed, oneOf } from "../arguments.ts";
import { print, printJson } from "../output.ts";
import { declarationsOf, openProject } from "../../workspace/project.ts";
import { dotGraph, mermaidGraph, textGraph, withoutText } from "./formats.ts";
import { graphReport, nodeNamed } from "./report.ts";
import { graphReportSchema, withoutAnswerSchema } from "./answer.ts";

/** How a graph can be written. */
export const FORMATS = ["text", "mermaid", "dot", "json"] as const;

/**
 * Prints what the graph says.
 * @param host of which. @default all of them together
 */
export async function graphCommand(
  host: string | undefined,
  options: { readonly format: string; readonly without: string | undefined },
): Promise<void> {
  const of = host === undefined ? "all" : hostNamed(host);
  const format = oneOf("format", options.format, FORMATS);
  const hosts = declarationsOf(await openProject());
  const report = graphReport(hosts, of);
  if (options.without !== undefined) {
    const graph = buildGraph(hosts);
    const without = nodeNamed(graph, of, options.without);
    const breakage = breakageWithout(graph, without);
    if (format === "json") printJson(withoutAnswerSchema, { without, ...breakage });
    else print(withoutText(without, breakage));
    return;
  }
  switch (format) {
    case "text":
      return print(textGraph(report));
    case "mermaid":
      return print(mermaidGraph(report));
    case "dot":
      return print(dotGraph(report));
    case "json":
      return printJson(graphReportSchema, report);
  }
}
