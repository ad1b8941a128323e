import { z } from "zod";
import { parseSubnet, type Subnet } from "../../../model/subnets.ts";

/** A way that the host knows to some addresses. */
export interface Route {
  readonly to: Subnet;
  /** Interface, e.g. "ens18", "br-0f3c1e2d4b5a". */
  readonly device: string;
}

/** A network of the host's engine. */
export interface EngineNetwork {
  readonly name: string;
  /** The interface that its bridge has, unless somebody gave it another name. */
  readonly device: string;
  readonly subnets: readonly Subnet[];
}

/** Larger than any network of somebody's own, 10.0.0.0/8. */
const EVERYWHERE = 2 ** 24;

/**
 * Reads `ip -4 route show table all`. The default route leads everywhere and is no clash, nor are the
 * halves of the world by which a VPN takes its place; what the
 * kernel writes for its own addresses (local, broadcast) says nothing that the rest does not.
 */
export function parseRoutes(text: string): Route[] {
  return text.split("\n").flatMap((line): Route[] => {
    const to = parseSubnet(line.trim().split(/\s+/)[0] ?? "");
    const device = / dev (\S+)/.exec(line)?.[1];
    if (!to || device === undefined || device === "lo") return [];
    return to.last - to.first < EVERYWHERE ? [{ to, device }] : [];
  });
}

/** The host's own addresses, from the same text. */
export function ownAddresses(text: string): string[] {
  return [...text.matchAll(/^local (\S+) /gm)].flatMap(([, address = ""]) =>
    address.includes("/") ? [] : [address],
  );
}

const configSchema = z.array(z.object({ Subnet: z.string().default("") })).nullable();

/** Drivers whose networks have addresses of their own; a macvlan has those of the host's own network. */
const OWN_ADDRESSES = ["bridge", "overlay"];

/** Reads a line "name, id, IPAM settings as JSON, driver" for each network. */
export function parseEngineNetworks(text: string): EngineNetwork[] {
  return text.split("\n").flatMap((line): EngineNetwork[] => {
    const [name = "", id = "", settings = "null", driver = "bridge"] = line.split("\t");
    if (id === "" || !OWN_ADDRESSES.includes(driver)) return [];
    const subnets = (configSchema.parse(JSON.parse(settings)) ?? []).flatMap(
      ({ Subnet: subnet }) => parseSubnet(subnet) ?? [],
    );
    // The engine's first bridge has a name of its own.
    const device = name === "bridge" ? "docker0" : `br-${id.slice(0, 12)}`;
    return [{ name, device, subnets }];
  });
}
