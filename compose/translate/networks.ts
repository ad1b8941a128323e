import { externalName } from "../schema/file.ts";
import { Code, noted, PROXY_NETWORK, type Printable } from "../write/code.ts";
import type { ComposeProject, ComposeService } from "../resolve/project.ts";
import type { Context } from "./context.ts";

/** Networks of a service, and those that the app has to have for it. */
export interface TranslatedNetworks {
  readonly joined: Printable;
  /** Keys of the top level's networks that are the app's own. */
  readonly own: readonly string[];
}

/**
 * The networks that a service joins: those of the file, under which its service name stays a name
 * for it, and that of the proxy.
 */
export function translateNetworks(
  service: ComposeService,
  isRouted: boolean,
  context: Context,
): TranslatedNetworks {
  const { names, house, findings, project } = context;
  const given = Object.entries(
    service.fields.networks ?? { default: { aliases: [], address: undefined } },
  );
  const container = names.container(service.name);
  const called = [service.name, ...linkedAs(service.name, project)];
  const notes = modeNotes(service, context);
  const joined: { name: string; aliases?: readonly string[]; address?: string }[] = [];
  const own: string[] = [];
  for (const [key, { aliases, address }] of given) {
    const name = names.network(key);
    const isElsewhere = externalName(key, project.networks[key] ?? {}) !== undefined;
    if (isElsewhere && !house.networks.includes(name)) {
      findings.dropped(
        service.place("networks"),
        `"${name}" is no network of ${house.host}${isRouted ? "; the reverse proxy dials its routes over a network of its own" : "; join one that it has, or let the app have it"}`,
      );
      continue;
    }
    if (!isElsewhere) own.push(key);
    const all = [...new Set([...called, ...aliases])].filter((alias) => alias !== container);
    const isFixed = address !== undefined && subnetOf(project, key) !== undefined;
    if (address !== undefined && !isFixed) {
      findings.dropped(
        service.place("networks"),
        `the address ${address}: "${name}" has no subnet in the file; services find each other by name`,
      );
    }
    joined.push({ name, ...(all.length > 0 && { aliases: all }), ...(isFixed && { address }) });
  }
  const proxied = house.proxy?.network;
  if (isRouted && proxied !== undefined && !joined.some(({ name }) => name === proxied)) {
    joined.push({ name: proxied });
  }
  if (joined.length === 0) {
    own.push("default");
    const aliases = called.filter((alias) => alias !== container);
    joined.push({ name: names.network("default"), ...(aliases.length > 0 && { aliases }) });
  }
  const printed = joined.map(({ name, ...rest }) => ({
    name: name === proxied ? new Code(PROXY_NETWORK, name) : name,
    ...rest,
  }));
  return { joined: noted(notes, printed), own };
}

/** Names that the older `links` of other services have for a service. */
function linkedAs(name: string, { services }: ComposeProject): string[] {
  return services.flatMap(({ fields }) =>
    (fields.links ?? []).flatMap(({ service, alias }) =>
      service === name && alias !== undefined ? [alias] : [],
    ),
  );
}

function modeNotes(service: ComposeService, { findings, house }: Context): string[] {
  const { network_mode: mode } = service.fields;
  if (mode === undefined || mode === "bridge") return [];
  const asks =
    mode === "host"
      ? `which ports "${service.name}" needs, in \`ports\`: no container has the network of ${house.host} itself`
      : `how "${service.name}" is to be reached: no container has the network of another one (${mode}) or none`;
  return [findings.decide(service.place("network_mode"), asks)];
}

/** The networks of the app, as its plan declares them. */
export function declaredNetworks(keys: readonly string[], context: Context): Printable[] {
  const { names, project, findings } = context;
  return [...new Set(keys)].map((key) => {
    const network = project.networks[key] ?? {};
    const place = { file: "", line: undefined, path: `networks.${key}` };
    if (network.internal === true) {
      findings.dropped(
        place,
        "internal: every network of a host leads outside; what needs no way in publishes no port",
      );
    }
    if (network.driver !== undefined && network.driver !== "bridge") {
      findings.dropped(place, `the driver ${network.driver}: networks of a host are bridges`);
    }
    return { name: names.network(key), ...subnetOf(project, key) };
  });
}

/** Subnet and gateway of a network; the first address where the file leaves the gateway to Docker. */
function subnetOf(
  project: ComposeProject,
  key: string,
): { subnet: string; gateway: string } | undefined {
  const config = project.networks[key]?.ipam?.config?.find(({ subnet = "" }) =>
    /^[\d.]+\/\d+$/.test(subnet),
  );
  if (config?.subnet === undefined) return undefined;
  const base = config.subnet.replace(/\/.*/, "").split(".").map(Number);
  const first = [...base.slice(0, 3), (base[3] ?? 0) + 1].join(".");
  return { subnet: config.subnet, gateway: config.gateway ?? first };
}
