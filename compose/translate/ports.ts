import type { PortDeclaration } from "../../model/declaration.ts";
import type { ComposeService } from "../resolve/project.ts";
import type { Context } from "./context.ts";
import type { TranslatedRoute } from "./routes.ts";

const IPV4 = /^(\d{1,3}\.){3}\d{1,3}$/;

/** Published ports. What people open through the proxy is published for the host itself alone. */
export function translatePorts(
  service: ComposeService,
  routes: readonly TranslatedRoute[],
  { findings, house }: Context,
): PortDeclaration[] {
  const routed = new Set(routes.map(({ port }) => port));
  const place = service.place("ports");
  return (service.fields.ports ?? []).flatMap(({ bind = "0.0.0.0", host, container, protocol }) => {
    const said = `${host ?? ""}:${container}/${protocol}`;
    if (host === undefined) {
      findings.dropped(
        place,
        `${container}: the engine would choose the port of the host; services on a shared network need none`,
      );
      return [];
    }
    if (protocol !== "tcp" && protocol !== "udp") {
      findings.dropped(place, `${said}: only tcp and udp are published`);
      return [];
    }
    if (!IPV4.test(bind)) {
      findings.dropped(place, `${said}: only addresses of IPv4 are listened on`);
      return [];
    }
    // The proxy of another host comes over the network.
    const isInside = routed.has(container) && house.proxy !== undefined;
    if (isInside && bind !== "127.0.0.1") {
      findings.changed(
        place,
        `${said} listens on 127.0.0.1: people come over HTTPS through the reverse proxy`,
      );
    } else if (!isInside && bind === "0.0.0.0" && protocol === "tcp") {
      findings.assumed(
        place,
        `${said} stays open on every address of the host, without a login of the household before it`,
      );
    }
    return [{ bind: isInside ? "127.0.0.1" : bind, host, container, protocol }];
  });
}
