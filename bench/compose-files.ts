// The same containers as Compose files, made from the same declarations, so that what is measured
// beside Pulumi does the same work: same images, limits, checks, files, volumes and names.
import { stringify } from "yaml";
import { BOOT_PERMIT } from "../model/boot.ts";
import type {
  HostDeclaration,
  MountDeclaration,
  NetworkDeclaration,
  Requirement,
  ServiceDeclaration,
} from "../model/declaration.ts";
import { specFingerprint } from "../model/host-plan.ts";
import { pinned, type ImageLock } from "../model/image-reference.ts";
import { filePath } from "../model/paths.ts";
import { toMebibytes } from "../model/units.ts";

/** What the files are made with, beside the declarations. */
export interface ComposeOptions {
  readonly lock: ImageLock;
  /** Whether the deployed containers mount the boot permit, so that these do too. */
  readonly bootPermit: boolean;
  /** Whether the host's networks are there already. @default false, the first that needs one makes it */
  readonly networksExist?: boolean;
}

/** One Compose project. */
export interface ComposeFile {
  /** Project name; no two files share one. */
  readonly project: string;
  /** Documented stack, e.g. "networking/pihole"; "merged" for all in one. */
  readonly stack: string;
  /** Documented phase of the stack; 0 for all in one. */
  readonly phase: number;
  /** Container names in it, in start order. */
  readonly services: readonly string[];
  readonly text: string;
}

/** As in model/container-inputs.ts; test/bench holds the two side by side. */
const START_INTERVAL = "1s";

/** Which condition of Compose each of ours is. */
const CONDITIONS: Readonly<Record<Requirement["condition"], string>> = {
  started: "service_started",
  healthy: "service_healthy",
  completed: "service_completed_successfully",
};

/**
 * One file per documented stack, in the documented order. As in the original, the first stack that
 * uses a network makes it, and for those after it the network is external.
 */
export function composePerStack(host: HostDeclaration, options: ComposeOptions): ComposeFile[] {
  const made = new Set<string>();
  return [...new Set(host.services.map(({ stack }) => stack))].map((stack) => {
    const services = host.services.filter((service) => service.stack === stack);
    const foreign = new Set(made);
    for (const service of services) service.networks.forEach(({ name }) => made.add(name));
    return {
      project: `bench-${stack.replaceAll("/", "-")}`,
      stack,
      phase: services[0]?.phase ?? 0,
      services: services.map(({ name }) => name),
      text: composeText(`bench-${stack.replaceAll("/", "-")}`, host, services, foreign, options),
    };
  });
}

/** Everything in one project, with every requirement between its services. */
export function composeMerged(host: HostDeclaration, options: ComposeOptions): ComposeFile {
  const there = options.networksExist === true ? host.networks.map(({ name }) => name) : [];
  return {
    project: "bench-merged",
    stack: "merged",
    phase: 0,
    services: host.services.map(({ name }) => name),
    text: composeText("bench-merged", host, host.services, new Set(there), options),
  };
}

function composeText(
  project: string,
  host: HostDeclaration,
  services: readonly ServiceDeclaration[],
  foreign: ReadonlySet<string>,
  options: ComposeOptions,
): string {
  const names = new Set(services.map(({ name }) => name));
  const used = new Set(services.flatMap((one) => one.networks.map(({ name }) => name)));
  const networks = host.networks.filter(({ name }) => used.has(name));
  const volumes = services.flatMap((service) =>
    (service.mounts ?? []).flatMap((mount) => (mount.kind === "volume" ? [mount.volume] : [])),
  );
  return stringify(
    {
      name: project,
      services: Object.fromEntries(
        services.map((service) => [
          service.name,
          literal(composeService(host.host, service, names, options)),
        ]),
      ),
      networks: Object.fromEntries(
        networks.map((network) => [network.name, composeNetwork(network, foreign)]),
      ),
      volumes: Object.fromEntries(
        [...new Set(volumes)].map((name) => [name, { name, external: true }]),
      ),
    },
    { lineWidth: 0 },
  );
}

function composeNetwork(network: NetworkDeclaration, foreign: ReadonlySet<string>) {
  const { name, subnet, gateway } = network;
  if (foreign.has(name)) return { name, external: true };
  return { name, ...(subnet && gateway ? { ipam: { config: [{ subnet, gateway }] } } : {}) };
}

function composeService(
  host: string,
  service: ServiceDeclaration,
  names: ReadonlySet<string>,
  { lock, bootPermit }: ComposeOptions,
): Record<string, unknown> {
  const digest = lock.images[service.image];
  if (digest === undefined) throw new Error(`"${service.image}" has no digest in the lock file`);
  const memory = `${toMebibytes(service.limits.memory)}m`;
  const logs = service.logs ?? { maxSize: "10MiB", maxFiles: 3 };
  const { health } = service;
  return {
    container_name: service.name,
    image: pinned(service.image, digest),
    ...(service.command && { command: [...service.command] }),
    ...(service.entrypoint && { entrypoint: [...service.entrypoint] }),
    ...(service.user && { user: service.user }),
    ...(service.hostname && { hostname: service.hostname }),
    ...(service.init && { init: true }),
    ...(service.hostPid && { pid: "host" }),
    ...(service.sharedMemory && { shm_size: `${toMebibytes(service.sharedMemory)}m` }),
    ...(service.readOnlyRoot && { read_only: true }),
    ...(service.groups && { group_add: [...service.groups] }),
    environment: { ...service.env },
    networks: Object.fromEntries(
      service.networks.map(({ name, aliases, address }) => [
        name,
        { ...(aliases && { aliases: [...aliases] }), ...(address && { ipv4_address: address }) },
      ]),
    ),
    ports: (service.ports ?? []).map((port) => ({
      host_ip: port.bind,
      published: String(port.host),
      target: port.container,
      protocol: port.protocol,
    })),
    volumes: volumesOf(service, bootPermit),
    tmpfs: (service.mounts ?? []).flatMap((mount) =>
      mount.kind === "tmpfs" ? [`${mount.target}:size=${toMebibytes(mount.size)}m`] : [],
    ),
    devices: (service.devices ?? []).map((path) => `${path}:${path}:rwm`),
    extra_hosts: Object.entries(service.extraHosts ?? {}).map(([name, ip]) => `${name}=${ip}`),
    mem_limit: memory,
    memswap_limit: memory,
    cpus: service.limits.cpus,
    security_opt: ["no-new-privileges:true"],
    cap_add: [...(service.capabilities ?? [])].sort(),
    cap_drop: ["ALL"],
    restart: "on-failure",
    logging: {
      driver: "json-file",
      options: { "max-size": `${toMebibytes(logs.maxSize)}m`, "max-file": String(logs.maxFiles) },
    },
    healthcheck: {
      test: [...health.test],
      interval: health.interval ?? "30s",
      timeout: health.timeout ?? "10s",
      retries: health.retries ?? 3,
      start_period: health.startPeriod ?? "30s",
      start_interval: START_INTERVAL,
    },
    stop_grace_period: service.stopGrace ?? "30s",
    labels: {
      "homelab.host": host,
      "homelab.stack": service.stack,
      "homelab.service": service.name,
      "homelab.category": service.category,
      "homelab.critical": String(service.critical ?? false),
      "homelab.spec": specFingerprint(service),
      "com.centurylinklabs.watchtower.enable": String(service.watchUpdates ?? false),
    },
    depends_on: dependenciesOf(service, names),
  };
}

/** Requirements inside the project. Gates and other hosts are no business of Compose's. */
function dependenciesOf(service: ServiceDeclaration, names: ReadonlySet<string>) {
  return Object.fromEntries(
    (service.requires ?? [])
      .filter(({ on }) => names.has(on))
      .map(({ on, condition, strength }) => [
        on,
        { condition: CONDITIONS[condition], required: strength === "hard" },
      ]),
  );
}

function volumesOf(service: ServiceDeclaration, bootPermit: boolean): Record<string, unknown>[] {
  const bind = (source: string, target: string, readOnly: boolean, create: boolean) => ({
    type: "bind",
    source,
    target,
    read_only: readOnly,
    bind: { create_host_path: create },
  });
  return [
    ...(service.mounts ?? []).flatMap((mount) => mountOf(mount, bind)),
    ...(service.files ?? []).map((file) =>
      bind(filePath(service.name, file), file.target, true, false),
    ),
    ...(bootPermit ? [bind(BOOT_PERMIT, BOOT_PERMIT, true, false)] : []),
  ];
}

function mountOf(
  mount: MountDeclaration,
  bind: (...args: [string, string, boolean, boolean]) => Record<string, unknown>,
): Record<string, unknown>[] {
  const readOnly = mount.kind !== "tmpfs" && (mount.readOnly ?? false);
  switch (mount.kind) {
    case "tmpfs":
      return [];
    case "bind":
      return [bind(mount.source, mount.target, readOnly, true)];
    case "volume":
      return [{ type: "volume", source: mount.volume, target: mount.target, read_only: readOnly }];
  }
}

/** Compose fills in variables after a "$" wherever text stands; two of them stand for one. */
function literal(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("$", "$$$$");
  if (Array.isArray(value)) return value.map(literal);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, literal(inner)]));
}
