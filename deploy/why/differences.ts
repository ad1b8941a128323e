import type { HostDeclaration } from "../../model/declaration.ts";
import { compareHost } from "../drift/compare-host.ts";
import type { DeclaredHost } from "../drift/look-at-host.ts";
import type { DriftRow } from "../drift/rows.ts";
import type { Seen } from "./findings.ts";

/**
 * What is not as declared of these services and gates: their containers and files, and the networks
 * and volumes that they use. What else differs on their hosts is told by `homelab drift`.
 */
export function differencesOf(
  ids: readonly string[],
  fleet: readonly DeclaredHost[],
  seen: Seen,
): DriftRow[] {
  return fleet.flatMap(({ declaration, lock }) => {
    const { host } = declaration;
    const names = ids
      .filter((id) => id.startsWith(`${host}/`))
      .map((id) => id.slice(host.length + 1));
    const look = seen.get(host);
    if (!look || "away" in look || names.length === 0) return [];
    const about = concerned(declaration, names);
    return compareHost(declaration, lock, look).rows.filter(
      ({ kind, name, change }) => change !== "extra" && about.has(`${kind} ${name}`),
    );
  });
}

/** "container grafana", "network monitoring-net", …: the rows that are about these nodes of a host. */
function concerned(
  { host, services, gates }: HostDeclaration,
  names: readonly string[],
): ReadonlySet<string> {
  // Of a host on which nothing was deployed one row says so.
  const about = new Set([`host ${host}`]);
  for (const { name, networks, mounts = [] } of services) {
    if (!names.includes(name)) continue;
    about.add(`container ${name}`).add(`files ${name}`);
    for (const network of networks) about.add(`network ${network.name}`);
    for (const mount of mounts) if (mount.kind === "volume") about.add(`volume ${mount.volume}`);
  }
  for (const { name, kind } of gates) {
    if (!names.includes(`gate:${name}`)) continue;
    about.add(`gate ${name}`);
    if (kind === "mesh") about.add(`mesh ${host}`);
  }
  return about;
}
