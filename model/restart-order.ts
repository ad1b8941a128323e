import { requirementsOf, type Graph } from "./graph.ts";

/**
 * The order in which a person brings things back after everything went down, one after another:
 * what is critical and whatever that needs first, then the rest; otherwise in the order in which
 * hosts and services are declared, which is that of the documented phases.
 * @param graph of all hosts; gates are looked at and not started, so they are left out
 * @param critical ids of the services whose loss hurts at once
 */
export function restartOrder(graph: Graph, critical: ReadonlySet<string>): string[] {
  const needs = requirementsOf(graph);
  const urgent = new Set<string>();
  const visit = (id: string): void => {
    if (urgent.has(id)) return;
    urgent.add(id);
    // What is only soft does not hold a person up; it still comes first where both are urgent.
    for (const edge of needs.get(id) ?? []) if (edge.strength === "hard") visit(edge.to);
  };
  critical.forEach(visit);

  const waiting = [...graph.nodes.keys()];
  const started = new Set<string>();
  const order: string[] = [];
  while (waiting.length > 0) {
    const ready = (id: string): boolean =>
      (needs.get(id) ?? []).every(
        (edge) =>
          started.has(edge.to) ||
          !graph.nodes.has(edge.to) ||
          (edge.strength === "soft" && urgent.has(id) && !urgent.has(edge.to)),
      );
    const next = waiting.find((id) => urgent.has(id) && ready(id)) ?? waiting.find(ready);
    if (next === undefined) throw new Error(`the graph has a cycle among ${waiting.join(", ")}`);
    waiting.splice(waiting.indexOf(next), 1);
    started.add(next);
    if (graph.nodes.get(next)?.kind === "service") order.push(next);
  }
  return order;
}
