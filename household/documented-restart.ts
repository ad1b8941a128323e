import type { HostDeclaration } from "../model/declaration.ts";
import type { Graph } from "../model/graph.ts";
import { restartOrder } from "../model/restart-order.ts";
import { RESTART_STEPS } from "./restart.plan.ts";

/**
 * What is restarted first, and in which order.
 * @param critical services whose loss hurts at once, in start order; those that the page names
 * come first, and what it names last but nobody misses at once comes with all the rest
 */
function restartFirst(critical: readonly string[]): string[] {
  const named = RESTART_STEPS.flatMap((step) => step.services).filter((id) =>
    critical.includes(id),
  );
  return [...named, ...critical.filter((id) => !named.includes(id))];
}

/**
 * The services of a graph in the order in which they are brought back after an outage.
 * @param hosts all of them
 */
export function documentedRestart(graph: Graph, hosts: readonly HostDeclaration[]): string[] {
  const critical = hosts.flatMap(({ host, services }) =>
    services.filter((service) => service.critical).map((service) => `${host}/${service.name}`),
  );
  return restartOrder(graph, restartFirst(critical));
}
