// What should be: the declarations of the repository as data, with receipts and overrides. It is
// computed when the Supervisor starts, and so is another one after the repository was rolled back.
import { breakageWithout, type Breakage } from "../../model/orders.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import type { Needs } from "../../model/cause-chain.ts";
import { buildGraph, dependentsOf, requirementsOf, type GraphEdge } from "../../model/graph.ts";
import { hostPlan, type HostPlan } from "../../model/host-plan.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import { dataKeepers, type DataKeeper } from "../../model/kept-data.ts";

/** What a deployment left on its host, as far as going back to it is concerned. */
export interface DesiredReceipt {
  /** ISO 8601; names the receipt. */
  readonly began: string;
  readonly commit: string;
  /** By name, what the host had by this deployment. */
  readonly services: Readonly<Record<string, { readonly image: string; readonly spec: string }>>;
}

/** Something that a person decided about one service, other than its declaration says. */
export interface Override {
  /** "<host>/<name>". */
  readonly service: string;
  /** Shown instead of an action. */
  readonly reason: string;
}

/** What a repository says, as plain data. */
export interface Repository {
  /** In full; null where nobody knows it, and then nothing that is bound to a commit is recommended. */
  readonly commit: string | null;
  readonly lock: ImageLock;
  readonly hosts: readonly HostDeclaration[];
  /** Addresses of each host, by which mounts and other hosts' gates name it. @default none */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  /** Hosts that lose power together, by the place where they stand. @default each by itself */
  readonly places?: Readonly<Record<string, readonly string[]>>;
  /** Hosts that may be away. @default none */
  readonly intermittent?: readonly string[];
  /** Of each host, newest first. @default none */
  readonly receipts?: Readonly<Record<string, readonly DesiredReceipt[]>>;
  /** @default none */
  readonly overrides?: readonly Override[];
  /** Services of the control plane, as "<host>/<name>": it never acts on itself. @default none */
  readonly own?: readonly string[];
}

/** One host as it should be. */
export interface DesiredHost {
  readonly declaration: HostDeclaration;
  readonly plan: HostPlan;
  readonly services: ReadonlyMap<string, ServiceDeclaration>;
  /** Services whose data a job copies, by name. */
  readonly keepers: ReadonlyMap<string, DataKeeper>;
  readonly receipts: readonly DesiredReceipt[];
}

/** Everything that should be, with what follows from it. */
export interface Desired {
  readonly commit: string | null;
  readonly hosts: ReadonlyMap<string, DesiredHost>;
  /** Of services and gates; a gate needs the host that it reaches. */
  readonly needs: Needs;
  /** What breaks or suffers while a service is down. */
  readonly without: (id: string) => Breakage;
  readonly places: Readonly<Record<string, readonly string[]>>;
  /** Hosts that may be away. */
  readonly intermittent: ReadonlySet<string>;
  readonly overrides: ReadonlyMap<string, string>;
  readonly own: ReadonlySet<string>;
  /** Services that are to end by themselves. */
  readonly oneShots: ReadonlySet<string>;
}

/** What a repository wants. */
export function desiredOf(repository: Repository): Desired {
  const { commit, lock, hosts, addresses = {}, receipts = {} } = repository;
  const graph = buildGraph(hosts);
  const needs = new Map<string, readonly GraphEdge[]>(requirementsOf(graph));
  for (const host of hosts) {
    for (const gate of host.gates) {
      const to = serverOf(gate, addresses);
      if (to === undefined || to === host.host) continue;
      const from = `${host.host}/gate:${gate.name}`;
      needs.set(from, [{ from, to, condition: "healthy", strength: "hard" }]);
    }
  }
  const dependents = dependentsOf(graph);
  return {
    commit,
    hosts: new Map(
      hosts.map((declaration) => [
        declaration.host,
        {
          declaration,
          plan: hostPlan(declaration, lock, commit ?? "unknown"),
          services: new Map(declaration.services.map((service) => [service.name, service])),
          keepers: new Map(
            dataKeepers(declaration, lock, declaration.contracts ?? []).map((keeper) => [
              keeper.service,
              keeper,
            ]),
          ),
          receipts: receipts[declaration.host] ?? [],
        },
      ]),
    ),
    needs,
    without: (id) => breakageWithout(graph, id, dependents),
    places: repository.places ?? {},
    intermittent: new Set(repository.intermittent),
    overrides: new Map((repository.overrides ?? []).map((one) => [one.service, one.reason])),
    own: new Set(repository.own),
    oneShots: new Set(
      graph.edges.flatMap(({ to, condition }) => (condition === "completed" ? [to] : [])),
    ),
  };
}

/** The host that a gate reaches, by the address in it. */
function serverOf(
  gate: HostDeclaration["gates"][number],
  addresses: Readonly<Record<string, readonly string[]>>,
): string | undefined {
  const reached = reachedBy(gate);
  if (reached === undefined) return undefined;
  return Object.entries(addresses).find(([, all]) => all.includes(reached))?.[0];
}

function reachedBy(gate: HostDeclaration["gates"][number]): string | undefined {
  switch (gate.kind) {
    case "mount":
      return /^(?:[^@/]*@)?\[?([^/\]]+)\]?:/.exec(gate.source)?.[1];
    case "mesh":
      return gate.peer;
    case "dns":
      return gate.server;
    case "folder":
    case "disk":
    case "clock":
    case "device":
      return undefined;
  }
}
