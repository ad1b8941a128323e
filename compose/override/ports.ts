import type { HostDeclaration, PortDeclaration } from "../../model/declaration.ts";
import type { Edit, Part, Refusal } from "./part.ts";

const LOOPBACK = "127.0.0.1";

/** Further ports. They listen on an address at which the host publishes something already. */
export const ports: Part = (service, { ports: given = [] }, { host }) => {
  const edits: Edit[] = [];
  const refusals: Refusal[] = [];
  const all: PortDeclaration[] = [...(service.ports ?? [])];
  const addresses = addressesOf(host);
  // Bound to an address that is not there yet, the whole service would fail at a boot.
  const closedGate = (bind: string) =>
    host.gates.find(
      (gate) =>
        gate.kind === "mesh" &&
        gate.address === bind &&
        !(service.requires ?? []).some(({ on }) => on === `gate:${gate.name}`),
    )?.name;
  for (const { index, bind, host: outside, container, protocol } of given) {
    const at = ["ports", index];
    if (bind === undefined || !addresses.includes(bind)) {
      const message = `has to name an address at which ${host.host} publishes ports: ${addresses.join(", ")}`;
      refusals.push({ at, message });
    } else if (closedGate(bind)) {
      const message = `listens behind the gate ${closedGate(bind)}, for which the service does not wait`;
      refusals.push({ at, message });
    } else if (outside === undefined) {
      refusals.push({ at, message: `has to name the port of the host, e.g. "${bind}:8080:80"` });
    } else if (protocol !== "tcp" && protocol !== "udp") {
      refusals.push({ at, message: "is neither tcp nor udp" });
    } else {
      const port: PortDeclaration = { bind, host: outside, container, protocol };
      if (all.some((one) => textOf(one) === textOf(port))) continue;
      edits.push({ at, declared: `ports[${all.length}]`, old: null, next: textOf(port) });
      all.push(port);
    }
  }
  return { service: edits.length === 0 ? service : { ...service, ports: all }, edits, refusals };
};

/** The loopback, and what is declared of the host's own addresses; never all of them at once. */
function addressesOf({ services }: HostDeclaration): string[] {
  const declared = services.flatMap(({ ports: own = [] }) => own.map(({ bind }) => bind));
  const single = declared.filter((bind) => bind !== "0.0.0.0");
  return [...new Set([LOOPBACK, ...single])];
}

function textOf({ bind, host, container, protocol }: PortDeclaration): string {
  return `${bind}:${host}:${container}/${protocol}`;
}
