import * as pulumi from "@pulumi/pulumi";
import {
  GRAPH_VALUE,
  PAGE_FILES,
  pageFileValue,
} from "../components/monitoring/control-plane-page.plan.ts";
import {
  buildValue,
  CONTROL_PLANE_PAGE,
  CONTROL_PLANE_PARTS,
  programValue,
} from "../components/monitoring/control-plane-part.plan.ts";
import { ownServices, REPOSITORY_VALUE } from "../components/monitoring/control-plane.plan.ts";
import { PLACES } from "../household/places.ts";
import { UserError } from "../model/errors.ts";
import { canonical } from "../model/fingerprint.ts";
import { buildGraph } from "../model/graph.ts";
import { HOSTS, hostWith, isIntermittent } from "../model/host-names.ts";
import { buildOf } from "../programs/bundle.ts";
import type { StackContext } from "./context.ts";

/** Hosts that may be away. */
const MAY_BE_AWAY = HOSTS.filter(isIntermittent);

/** The programs of the control plane, what names each, and what it compares with, where the site has one. */
export function controlPlaneValues(
  context: StackContext,
): Readonly<Record<string, pulumi.Input<string>>> {
  if (!context.site.controlPlane) return {};
  const values = CONTROL_PLANE_PARTS.flatMap((part) => {
    const program = pulumi.output(context.controlPlaneProgram(part));
    return [
      [programValue(part), program] as const,
      [buildValue(part), program.apply(buildOf)] as const,
    ];
  });
  const pages = pulumi.output(context.controlPlanePages());
  const files = PAGE_FILES.map(
    (file) => [pageFileValue(file), pages.apply((made) => made[file])] as const,
  );
  return {
    ...Object.fromEntries([...values, ...files]),
    [REPOSITORY_VALUE]: repositoryText(context),
    [GRAPH_VALUE]: graphText(context),
  };
}

/**
 * What needs what on all hosts, as the page draws it: names and why, and nothing of how anything is
 * set. So whoever takes the page over learns no more than that.
 */
export function graphText({ fleet }: Pick<StackContext, "fleet">): string {
  const hosts = HOSTS.map((host) => fleet[host].declaration);
  const categories = new Map<string, string>(
    hosts.flatMap(({ host, services }) =>
      services.map(({ name, category }) => [`${host}/${name}`, category] as const),
    ),
  );
  const { nodes, edges } = buildGraph(hosts);
  const graph = {
    version: 1,
    nodes: [...nodes.values()].map(({ id, host, kind }) => ({
      id,
      host,
      service: id.slice(host.length + 1),
      kind,
      category: categories.get(id) ?? kind,
    })),
    edges: edges
      .filter(({ to }) => nodes.has(to))
      .map(({ from, to, condition, strength, why = null }) => {
        return { from, to, condition, strength, why };
      }),
  };
  return `${canonical(graph)}\n`;
}

/**
 * What should be on all hosts, as the Supervisor reads it. Without the commit, which would make its
 * container anew with every one: so it recommends nothing that is bound to a commit.
 */
export function repositoryText({
  site,
  fleet,
  lock,
}: Pick<StackContext, "site" | "fleet" | "lock">): string {
  const hosts = HOSTS.map((host) => fleet[host].declaration);
  const used = new Set(hosts.flatMap(({ services }) => services.map(({ image }) => image)));
  const images = Object.entries(lock.images).filter(([image]) => used.has(image));
  const repository = {
    version: 1,
    commit: null,
    lock: { version: lock.version, images: Object.fromEntries(images) },
    // Who may approve, and what is rented, is nothing to the Supervisor, and a change of either no
    // reason to start it again.
    hosts: hosts.map(({ acting: _acting, machine: _machine, ...host }) => host),
    addresses: Object.fromEntries(
      HOSTS.map((host) => [host, [site.hosts[host].lan, site.hosts[host].mesh]]),
    ),
    places: PLACES,
    ...(MAY_BE_AWAY.length > 0 && { intermittent: MAY_BE_AWAY }),
    own: ownServices(),
  };
  return `${canonical(repository)}\n`;
}

/**
 * Sees to it that ntfy can have its port back: Pulumi makes what is declared before it removes what
 * is not, so ntfy would lose its container and get no other.
 * @throws UserError HL-CONTROL-PLANE while the page of a control plane that was turned off is there
 */
export function expectPortIsFree({
  site,
  observation,
}: Pick<StackContext, "site" | "observation">): void {
  if (site.controlPlane || observation.containers[CONTROL_PLANE_PAGE]?.labelled !== true) return;
  const host = hostWith("coordinator");
  throw new UserError(
    "HL-CONTROL-PLANE",
    `the control plane is turned off, and its page still has a port on ${host} that ntfy gets back. Nothing was changed. Remove the page first, then repeat: ssh ${host} docker rm --force ${CONTROL_PLANE_PAGE}`,
  );
}
