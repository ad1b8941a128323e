import { causesIn, chainOf } from "../../model/cause-chain.ts";
import { buildGraph, hostOf, requirementsOf } from "../../model/graph.ts";
import { breakageWithout } from "../../model/orders.ts";
import type { DeclaredHost } from "../drift/look-at-host.ts";
import type { ChainLink, Finding, WhyAnswer } from "./answer.ts";
import { differencesOf } from "./differences.ts";
import { findingOf, type Seen } from "./findings.ts";
import { sentenceOf } from "./sentence.ts";

/**
 * Declaration, graph, gates and engine joined into one answer about a service.
 * @param service "docker-vm/grafana"; one that is declared
 * @param seen at least the hosts of what the service reaches in the graph
 */
export function explain(service: string, fleet: readonly DeclaredHost[], seen: Seen): WhyAnswer {
  const hosts = fleet.map(({ declaration }) => declaration);
  const graph = buildGraph(hosts);
  const known = new Map<string, Finding>();
  const find = (id: string): Finding => {
    const finding = known.get(id) ?? findingOf(id, hosts, seen);
    known.set(id, finding);
    return finding;
  };
  const chain = chainOf(requirementsOf(graph), service, find);
  const causes = causesIn(chain);
  const differences = differencesOf([service, ...causes.map(({ id }) => id)], fleet, seen);
  const { state } = find(service);
  const isWell = state === "ready" && causes.length === 0 && differences.length === 0;
  const verdict = isWell
    ? "well"
    : state === "ready"
      ? "impaired"
      : state === "unknown"
        ? "unknown"
        : "down";
  return {
    version: 1,
    exitCode: isWell ? 0 : isAnyAway(chain) ? 1 : 2,
    service: declared(service, fleet),
    verdict,
    sentence: sentenceOf(chain, causes, differences),
    causes,
    chain,
    differences,
    holdsBack:
      state === "ready"
        ? []
        : breakageWithout(graph, service).broken.flatMap((id) =>
            find(id).state === "ready" ? [] : [{ id, state: find(id).state }],
          ),
    next: causes[0] ? causes[0].command : isWell ? null : `pulumi up -s ${hostOf(service)}`,
  };
}

function isAnyAway(chain: readonly ChainLink[]): boolean {
  return chain.some(({ state }) => state === "away");
}

function declared(service: string, fleet: readonly DeclaredHost[]): WhyAnswer["service"] {
  const host = fleet.find(({ declaration }) => declaration.host === hostOf(service));
  const name = service.slice(hostOf(service).length + 1);
  const found = host?.declaration.services.find((one) => one.name === name);
  if (!found) throw new Error(`nothing declares "${service}"`);
  const { stack, phase, image } = found;
  return { id: service, stack, phase, image };
}
