import type { ComposeService } from "../resolve/project.ts";
import type { Context } from "./context.ts";
import { sortMiddlewares } from "./middlewares.ts";

/** A site that leads to a service. */
export interface TranslatedRoute {
  /** Below the site's domain, e.g. "photos". */
  readonly name: string;
  /** What the Compose file calls it in full. */
  readonly host: string;
  readonly port: number;
  readonly https: boolean;
  readonly auth: boolean;
  /** What a person has to decide about it. */
  readonly notes: readonly string[];
}

const ROUTER = /^traefik\.http\.routers\.([^.]+)\.(.+)$/i;
const SERVER = /^traefik\.http\.services\.[^.]+\.loadbalancer\.server\.(port|scheme)$/i;

/** The routes that Traefik's labels of a service plainly stand for. */
export function translateRoutes(service: ComposeService, context: Context): TranslatedRoute[] {
  const labels = Object.entries(service.fields.labels ?? {});
  const traefik = labels.filter(([key]) => key.startsWith("traefik."));
  const isOff = traefik.some(([key, value]) => key === "traefik.enable" && value === "false");
  if (isOff || traefik.length === 0) return [];
  const routers = new Map<string, Map<string, string>>();
  for (const [key, value = ""] of traefik) {
    const [, router, option] = ROUTER.exec(key) ?? [];
    if (router === undefined || option === undefined) continue;
    const options = routers.get(router) ?? new Map<string, string>();
    routers.set(router, options.set(option.toLowerCase(), value));
  }
  const routes = [...routers.values()].flatMap((options) => routesOf(service, options, context));
  const plain =
    /^traefik\.(enable|docker\.network|http\.(routers\.[^.]+\.(rule|service|entrypoints|tls(\..+)?|middlewares)|services\.[^.]+\.loadbalancer\.server\.(port|scheme)))$/i;
  const left = traefik.filter(([key]) => !plain.test(key)).map(([key]) => key);
  if (left.length > 0) {
    context.findings.dropped(
      service.place("labels"),
      `${left.join(", ")}: a route has a name, a port and whether it asks for a login`,
    );
  }
  // One for http and one for https come to the same.
  return [...new Map(routes.map((route) => [route.name, route])).values()];
}

function routesOf(
  service: ComposeService,
  options: ReadonlyMap<string, string>,
  context: Context,
): TranslatedRoute[] {
  const { findings, house } = context;
  const rule = options.get("rule");
  if (rule === undefined) return [];
  const place = service.place("labels");
  const hosts = [...rule.matchAll(/Host\(([^)]*)\)/g)].flatMap(([, names = ""]) =>
    [...names.matchAll(/[`'"]([^`'"]+)[`'"]/g)].map(([, name = ""]) => name),
  );
  const isPlain = /^\s*Host\([^)]*\)(\s*\|\|\s*Host\([^)]*\))*\s*$/.test(rule);
  if (!isPlain || hosts.length === 0) {
    findings.dropped(place, `the rule ${rule}: a route is a whole name, and nothing of its paths`);
    return [];
  }
  const port = portOf(service);
  if (port === undefined) {
    findings.dropped(
      place,
      `the route to ${hosts.join(", ")}: no label and no port says where in the container it leads; add it to \`routes\``,
    );
    return [];
  }
  const { asking, harmless, unknown } = sortMiddlewares(
    options.get("middlewares") ?? "",
    context.project,
  );
  if (harmless.length > 0) {
    findings.dropped(
      place,
      `the middlewares ${harmless.join(", ")}: the reverse proxy redirects to HTTPS by itself, and changes nothing else`,
    );
  }
  if (asking.length > 0) {
    findings.changed(place, `${asking.join(", ")} becomes the household's Authelia (auth: true)`);
  }
  const notes =
    unknown.length === 0
      ? []
      : [
          findings.decide(
            place,
            `whether ${unknown.join(", ")} let in only some: until you have looked, "${service.name}" asks for the household's login (auth: true)`,
          ),
        ];
  const auth = asking.length > 0 || unknown.length > 0;
  return hosts.flatMap((host) => {
    const name = nameBelow(host, house.site.domain);
    if (name === undefined) {
      findings.dropped(
        place,
        `the site ${host}: below ${house.site.domain} it would be the domain itself; add a route with the name that you want`,
      );
      return [];
    }
    if (!host.endsWith(`.${house.site.domain}`)) {
      findings.changed(place, `${host} becomes ${name}.${house.site.domain}`);
    }
    return [{ name, host, port, https: serverLabel(service, "scheme") === "https", auth, notes }];
  });
}

/** Name below the household's domain, of a site that may have had another one. */
function nameBelow(host: string, domain: string): string | undefined {
  if (host.endsWith(`.${domain}`)) return host.slice(0, -domain.length - 1);
  if (host === domain) return undefined;
  const labels = host.split(".");
  return labels.length > 2 ? labels.slice(0, -2).join(".") : undefined;
}

/** Port inside the container: what the label says, else the only one that the service has. */
function portOf(service: ComposeService): number | undefined {
  const { fields } = service;
  const said = serverLabel(service, "port");
  if (said !== undefined && /^\d+$/.test(said)) return Number(said);
  const known = new Set([
    ...(fields.ports ?? [])
      .filter(({ protocol }) => protocol === "tcp")
      .map((port) => port.container),
    ...(fields.expose ?? []),
  ]);
  return known.size === 1 ? [...known][0] : undefined;
}

/** What a label of Traefik says of the service behind it. */
function serverLabel({ fields }: ComposeService, option: "port" | "scheme"): string | undefined {
  return Object.entries(fields.labels ?? {}).find(
    ([key]) => SERVER.exec(key)?.[1]?.toLowerCase() === option,
  )?.[1];
}
