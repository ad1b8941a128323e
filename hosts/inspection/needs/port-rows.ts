import type { HostDeclaration, PortDeclaration } from "../../../model/declaration.ts";
import type { HostAnswer } from "../answer.ts";
import type { Verdict } from "../rows.ts";
import { addressesClash, type Listener } from "./listeners.ts";

/**
 * The engine's own listener for a published port; its container says whose it is. With
 * "userland-proxy": false it is the engine itself.
 */
const PROXIES = ["docker-proxy", "rootlesskit", "dockerd"];

/** The kernel keeps 15 letters of a program's name: systemd-resolved is called so. */
const RESOLVED = "systemd-resolve";

/** A port that we publish and that somebody else has. */
interface Taken {
  readonly wanted: PortDeclaration;
  readonly service: string;
  readonly by: string;
  readonly remedy: string;
}

/** The ports that our services publish and that others hold already: a row for each holder. */
export function portRows(host: HostDeclaration, answer: HostAnswer): Verdict[] {
  const wanted = host.services.flatMap(({ name, ports = [] }) =>
    ports.map((port) => ({ service: name, wanted: port })),
  );
  const taken = wanted.flatMap((one): Taken[] => [
    ...programsOn(host.host, one.wanted, answer.listeners).map((found) => ({ ...one, ...found })),
    ...containersOn(host, one.wanted, answer).map((found) => ({ ...one, ...found })),
  ]);
  const holders = new Set(taken.map(holderOf));
  const rows = [...holders].map((holder) => rowOf(taken.filter((one) => holderOf(one) === holder)));
  if (rows.length > 0 || answer.listeners.length === 0 || wanted.length === 0) return rows;
  return [{ check: "ports", state: "ok", seen: "held by nobody else", remedy: "" }];
}

function holderOf({ wanted, by }: Taken): string {
  return `${wanted.host} ${by}`;
}

function rowOf(group: readonly Taken[]): Verdict {
  const [first] = group;
  if (!first) throw new Error("nobody holds a port that is held");
  const protocols = [...new Set(group.map(({ wanted }) => wanted.protocol))].join(" and ");
  return {
    check: `port ${first.wanted.host}`,
    state: "failure",
    seen: `${protocols} is held by ${first.by}, so ${first.service} cannot listen there`,
    remedy: first.remedy,
  };
}

function programsOn(
  host: string,
  wanted: PortDeclaration,
  listeners: readonly Listener[],
): Pick<Taken, "by" | "remedy">[] {
  return listeners
    .filter(
      ({ protocol, port, address, program }) =>
        protocol === wanted.protocol &&
        port === wanted.host &&
        addressesClash(address, wanted.bind) &&
        !PROXIES.includes(program ?? ""),
    )
    .map(({ program, pid }) => ({
      by: program === RESOLVED ? "systemd-resolved" : (program ?? "a program"),
      remedy:
        program === RESOLVED
          ? `turn its stub off on ${host}: DNSStubListener=no and other resolvers below [Resolve] in /etc/systemd/resolved.conf.d/homelab.conf, /etc/resolv.conf linked to /run/systemd/resolve/resolv.conf, then: systemctl restart systemd-resolved (docs/guides/first-hour.md, step 4)`
          : `${pid === undefined ? `ssh ${host} ss -lntup` : `ssh ${host} systemctl status ${pid}`} says what it is; stop and disable it there, or give it another port`,
    }));
}

/** Containers under a name of ours have a row of their own, which says how to adopt them. */
function containersOn(
  { host, services }: HostDeclaration,
  wanted: PortDeclaration,
  { containers }: HostAnswer,
): Pick<Taken, "by" | "remedy">[] {
  const ours = new Set(services.map(({ name }) => name));
  return containers
    .filter(
      ({ name, published }) =>
        !ours.has(name) &&
        published.some(
          ({ protocol, host: port, bind }) =>
            protocol === wanted.protocol &&
            port === wanted.host &&
            addressesClash(bind, wanted.bind),
        ),
    )
    .map(({ name }) => ({
      by: `the container ${name}`,
      remedy: `give it another port, or stop it: ssh ${host} docker stop ${name}`,
    }));
}
