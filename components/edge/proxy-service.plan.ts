import type { NetworkAttachment } from "../../model/declaration.ts";
import type { ProbeDeclaration } from "../../model/declared-uses.ts";
import { titleOf, type HostName } from "../../model/host-names.ts";
import type { ReverseProxy } from "./proxy.plan.ts";
import type { ProxyPlace } from "./routes.plan.ts";
import { VOUCHED_NETWORK } from "./vouched-network.plan.ts";

/** Stack of every proxy. */
export function proxyStack({ service }: ReverseProxy): string {
  return `networking/${service}`;
}

/** The networks that a proxy joins; on the one where it is believed it has its address. */
export function proxyAttachments({ networks }: ProxyPlace): NetworkAttachment[] {
  return networks.map((name) => ({
    name,
    ...(name === VOUCHED_NETWORK.name && { address: VOUCHED_NETWORK.proxy }),
  }));
}

/** Asks whether a proxy listens; not for a page, which may be another host's. */
export function proxyProbe({ title }: ReverseProxy, host: HostName): ProbeDeclaration {
  return {
    name: `${title} (${titleOf(host)})`,
    kind: "tcp",
    target: "{mesh}:443",
    interval: "60s",
    tier: "critical",
  };
}
