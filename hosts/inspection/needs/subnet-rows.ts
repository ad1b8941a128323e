import type { HostDeclaration } from "../../../model/declaration.ts";
import { isWithin, overlap, subnetOf } from "../../../model/subnets.ts";
import type { HostAnswer } from "../answer.ts";
import type { Verdict } from "../rows.ts";

/**
 * Whether the networks of the engine leave the host's own ways alone: those that we are going to
 * make with addresses of their own, and those that are there and swallow an address we talk to.
 * @param talkedTo address to who has it, e.g. "192.168.0.12" to "nas"
 */
export function subnetRows(
  host: HostDeclaration,
  answer: HostAnswer,
  talkedTo: ReadonlyMap<string, string>,
): Verdict[] {
  return [...plannedRows(host, answer), ...swallowedRows(host, answer, talkedTo)];
}

function plannedRows(host: HostDeclaration, { routes, networks }: HostAnswer): Verdict[] {
  const bridges = new Set(networks.map(({ device }) => device));
  return host.networks.flatMap(({ name, subnet }): Verdict[] => {
    if (subnet === undefined) return [];
    const ours = subnetOf(subnet);
    const check = `network ${name}`;
    const other = networks.find(
      (network) => network.name !== name && network.subnets.some((one) => overlap(one, ours)),
    );
    if (other) {
      return [
        {
          check,
          state: "failure",
          seen: `its ${subnet} is in the Docker network ${other.name} already (${textOf(other.subnets)})`,
          remedy: `remove it if nobody needs it (ssh ${host.host} docker network rm ${other.name}), or make it anew with another subnet`,
        },
      ];
    }
    const route = routes.find(({ to, device }) => !bridges.has(device) && overlap(to, ours));
    if (!route) return [];
    return [
      {
        check,
        state: "failure",
        seen: `its ${subnet} is where ${host.host} reaches others: ${route.to.text} by ${route.device}`,
        remedy: `give that network other addresses, or ${name} another subnet (\`git grep -n ${subnet}\` names its plan)`,
      },
    ];
  });
}

function swallowedRows(
  { host, networks: declared }: HostDeclaration,
  { networks }: HostAnswer,
  talkedTo: ReadonlyMap<string, string>,
): Verdict[] {
  return networks.flatMap(({ name, subnets }): Verdict[] => {
    const hidden = [...talkedTo].filter(([address]) =>
      subnets.some((subnet) => isWithin(address, subnet)),
    );
    if (hidden.length === 0) return [];
    const names = hidden.map(([address, owner]) => `${owner} (${address})`).join(", ");
    const removal = declared.some((network) => network.name === name)
      ? `ssh ${host} docker network rm ${name} once its containers are gone, then deploy`
      : `ssh ${host} docker network rm ${name} if nobody needs it`;
    return [
      {
        check: `network ${name}`,
        state: "failure",
        seen: `its ${textOf(subnets)} hides ${names} from ${host}`,
        remedy: `let the engine give away other addresses (default-address-pools in /etc/docker/daemon.json, then systemctl restart docker), and ${removal}`,
      },
    ];
  });
}

function textOf(subnets: readonly { readonly text: string }[]): string {
  return subnets.map(({ text }) => text).join(", ");
}
