import { reachedFrom } from "../../model/cause-chain.ts";
import { buildGraph } from "../../model/graph.ts";
import { lookAtHost, type DeclaredHost } from "../drift/look-at-host.ts";
import type { WhyAnswer } from "./answer.ts";
import { explain } from "./explain.ts";

/**
 * Why a service is as it is. Looks at its host and at the hosts of what it requires, all at once,
 * over one connection to each. One that is away is part of the answer.
 * @param service "docker-vm/grafana"; one that is declared
 * @param fleet all hosts
 */
export async function findWhy(service: string, fleet: readonly DeclaredHost[]): Promise<WhyAnswer> {
  const graph = buildGraph(fleet.map(({ declaration }) => declaration));
  const reached = [...reachedFrom(graph, service)];
  const looks = fleet
    .filter(({ declaration: { host } }) => reached.some((id) => id.startsWith(`${host}/`)))
    .map(async (host) => [host.declaration.host, await lookAtHost(host)] as const);
  return explain(service, fleet, new Map(await Promise.all(looks)));
}
