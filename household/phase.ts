import type { DeclaredApp } from "../model/app.ts";
import type {
  HostDeclaration,
  NetworkDeclaration,
  ServiceDeclaration,
  VolumeDeclaration,
} from "../model/declaration.ts";
import { fingerprint } from "../model/fingerprint.ts";

/** Apps in start order, by the name of their component without its "-app", e.g. "home-assistant". */
export type Apps = Readonly<Record<string, DeclaredApp>>;

/** A phase of the documented order. */
export interface Phase {
  /** Its number on the deployment-order page (1: VPS, 2: NAS, 4 to 13: Docker VM). */
  readonly phase: number;
  readonly apps: Apps;
}

/** A phase, by its number on the deployment-order page. */
export function phase(number: number, apps: Apps): Phase {
  return { phase: number, apps };
}

/** All apps of a host, in start order. */
export function appsIn(phases: readonly Phase[]): Apps {
  return Object.fromEntries(phases.flatMap(({ apps }) => Object.entries(apps)));
}

/**
 * An app by its name.
 * @throws Error when it is not there; `validate` says before to people who needs it
 */
export function appNamed(apps: Apps, name: string): DeclaredApp {
  const app = apps[name];
  if (!app) throw new Error(`"${name}" is not in the household`);
  return app;
}

/** What a host has of its apps. */
export type Parts = Required<
  Pick<
    HostDeclaration,
    "networks" | "volumes" | "services" | "contracts" | "secrets" | "renamingUser"
  >
> &
  Pick<HostDeclaration, "folders">;

/** What a host has of its apps, in start order. */
export function partsOf(phases: readonly Phase[]): Parts {
  const apps = Object.values(appsIn(phases));
  const folders = apps.flatMap(({ folders: own = [] }) => own);
  return {
    networks: each(apps.flatMap(({ networks = [] }) => networks)),
    volumes: apps.flatMap(({ volumes }) => volumes),
    services: phases.flatMap(({ phase: number, apps: members }) =>
      Object.values(members).flatMap(({ services }) =>
        services.map((service): ServiceDeclaration => ({ ...service, phase: number })),
      ),
    ),
    secrets: Object.fromEntries(apps.flatMap(({ secrets = {} }) => Object.entries(secrets))),
    renamingUser: apps.flatMap(({ renamingUser = [] }) => renamingUser),
    contracts: [...new Set(apps.flatMap(({ images }) => images))],
    ...(folders.length > 0 && { folders }),
  };
}

/** Each network once; one that two apps describe differently stays twice, which is refused. */
function each(networks: readonly NetworkDeclaration[]): NetworkDeclaration[] {
  return [...new Map(networks.map((network) => [fingerprint(network), network])).values()];
}

/** What is known of a host; nothing, while its apps are declared for the first time. */
export interface Known {
  readonly services: readonly ServiceDeclaration[];
  readonly volumes: readonly VolumeDeclaration[];
  /** Whether it has a service of that name. */
  readonly has: (service: string) => boolean;
  /** Those of the given networks that it has. */
  readonly joined: (networks: readonly string[]) => string[];
}

/** What is known of one of the hosts. */
export function knownOf(hosts: readonly HostDeclaration[], name: string): Known {
  const host = hosts.find((one) => one.host === name);
  const networks = (host?.networks ?? []).map((network) => network.name);
  return {
    services: host?.services ?? [],
    volumes: host?.volumes ?? [],
    has: (service) => (host?.services ?? []).some(({ name }) => name === service),
    joined: (wanted) => wanted.filter((network) => networks.includes(network)),
  };
}

/**
 * Volumes with some in an order of their own, before the others: a job mounts them in that order,
 * and in another one its container would be made anew.
 */
export function volumesInOrder(
  volumes: readonly VolumeDeclaration[],
  first: readonly string[],
): VolumeDeclaration[] {
  const rank = ({ name }: VolumeDeclaration) => {
    const index = first.indexOf(name);
    return index < 0 ? first.length : index;
  };
  return volumes.toSorted((a, b) => rank(a) - rank(b));
}
