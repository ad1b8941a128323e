import type { HostDeclaration } from "../model/declaration.ts";
import { HOSTS } from "../model/host-names.ts";
import type { Problem } from "../model/problem.ts";
import type { Site } from "../model/site.ts";
import { isWithin, subnetOf } from "../model/subnets.ts";

/**
 * Addresses of the site that a host could not reach, because a network of its own containers has
 * them, each with the path of its setting.
 */
export function subnetClashes(site: Site, hosts: readonly HostDeclaration[]): Problem[] {
  const fixed = hosts.flatMap(({ host, networks }) =>
    networks.flatMap(({ name, subnet }) => (subnet === undefined ? [] : [{ host, name, subnet }])),
  );
  return settingsOf(site).flatMap(({ path, address }) => {
    const taken = fixed.find(({ subnet }) => isWithin(address, subnetOf(subnet)));
    return taken === undefined
      ? []
      : [
          {
            path: `homelab:site.${path}`,
            message: `"${address}" lies in ${taken.subnet}, which the containers' network ${taken.name} has on ${taken.host}; take another address`,
          },
        ];
  });
}

function settingsOf({ hosts, dnsUpstreams }: Site): { path: string; address: string }[] {
  return [
    ...HOSTS.flatMap((host) =>
      (["lan", "mesh"] as const).map((kind) => ({
        path: `hosts.${host}.${kind}`,
        address: hosts[host][kind],
      })),
    ),
    ...dnsUpstreams.map((address, index) => ({ path: `dnsUpstreams.${index}`, address })),
  ];
}
