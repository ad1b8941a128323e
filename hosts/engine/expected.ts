import { BOOT_PERMIT } from "../../model/boot.ts";
import { containerInputs, type ContainerInputs } from "../../model/container-inputs.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import { pinned, type ImageLock } from "../../model/image-reference.ts";
import { toMebibytes, toSeconds } from "../../model/units.ts";
import { envMap, type ContainerFacts } from "./facts.ts";
import type { InspectedContainer, InspectedImage } from "./inspect.ts";

/** Of /dev/shm where nothing is declared (moby, daemon/config, DefaultShmSize). */
const SHARED_MEMORY = "64MiB";

/** What the facts of a service are made from, beside its declaration. */
export interface ExpectedFrom {
  readonly host: HostDeclaration;
  readonly lock: ImageLock;
  /** Devices that may be missing and are there. */
  readonly devices: readonly string[];
  /** What the found container brings along from its image; undefined when the engine has none. */
  readonly image: InspectedImage | undefined;
  /** Its id: the engine makes a name of it for a container that declares none. */
  readonly id: InspectedContainer["Id"];
}

/** What the engine should say of a service's container. */
export function expectedFacts(declared: ServiceDeclaration, from: ExpectedFrom): ContainerFacts {
  const { host, lock, devices, image, id } = from;
  const inputs = containerInputs(host, declared, devices);
  const digest = lock.images[declared.image];
  const inherited = image?.Config ?? undefined;
  return {
    items: {
      // `homelab validate` and Pulumi name images without a digest.
      image: digest === undefined ? undefined : [pinned(declared.image, digest)],
      user: ownOr(declared.user, inherited && (inherited.User ?? "")),
      hostname: [declared.hostname ?? id.slice(0, 12)],
      networks: declared.networks.flatMap(({ name, aliases = [], address }) =>
        // Its own name it has on every network.
        networkItems(
          name,
          aliases.filter((alias) => alias !== declared.name),
          address,
        ),
      ),
      ports: inputs.ports.map(({ bind, host: outside, container, protocol }) =>
        portItem(bind, String(outside), `${container}/${protocol}`),
      ),
      mounts: [
        ...inputs.mounts.map(({ kind, source, target, readOnly }) =>
          mountItem(kind, source, target, readOnly),
        ),
        mountItem("bind", BOOT_PERMIT, BOOT_PERMIT, true),
      ],
      tmpfs: Object.entries(inputs.tmpfs).map(([target, options]) => `${target} ${options}`),
      devices: inputs.devices.map((path) => deviceItem(path, path, "rwm")),
      extraHosts: Object.entries(inputs.extraHosts).map(([name, ip]) => `${name}:${ip}`),
      memory: [`${inputs.memory} MiB`],
      // The engine's limit is that of both together.
      swap: ["0 MiB"],
      cpus: [inputs.cpus],
      sharedMemory: [`${toMebibytes(declared.sharedMemory ?? SHARED_MEMORY)} MiB`],
      capabilities: ["-ALL", ...inputs.capabilities.map(capabilityItem)],
      securityOptions: inputs.securityOptions,
      privileged: ["no"],
      readOnlyRoot: [yesNo(declared.readOnlyRoot ?? false)],
      groups: declared.groups ?? [],
      init: [yesNo(declared.init ?? false)],
      processes: [declared.hostPid ? "the host's" : "its own"],
      restart: [inputs.restart],
      logs: [
        inputs.logDriver,
        ...Object.entries(inputs.logOptions).map(([key, value]) => `${key}=${value}`),
      ],
      health: healthItems(inputs.health),
      stopTime: [`${inputs.stopSeconds} s`],
    },
    words: {
      command:
        // An entrypoint of one's own leaves the image's command out (moby, daemon/commit.go, merge).
        declared.command ?? (declared.entrypoint ? [] : inherited && (inherited.Cmd ?? [])),
      entrypoint: declared.entrypoint ?? (inherited && (inherited.Entrypoint ?? [])),
      healthTest: inputs.health.test,
    },
    complete: inherited !== undefined,
    env: new Map([...envMap(inherited?.Env ?? []), ...envMap(inputs.env)]),
    labels: new Map([...Object.entries(inherited?.Labels ?? {}), ...Object.entries(inputs.labels)]),
  };
}

function ownOr(own: string | undefined, images: string | undefined): string[] | undefined {
  const value = own ?? images;
  return value === undefined ? undefined : value === "" ? [] : [value];
}

function healthItems(health: ContainerInputs["health"]): string[] {
  return [
    `interval ${toSeconds(health.interval)} s`,
    `timeout ${toSeconds(health.timeout)} s`,
    `retries ${health.retries}`,
    `start period ${toSeconds(health.startPeriod)} s`,
    `start interval ${toSeconds(health.startInterval)} s`,
  ];
}

/** A network, and how the container is found there. */
export function networkItems(
  name: string,
  aliases: readonly string[],
  address: string | undefined,
): string[] {
  return [
    name,
    ...aliases.map((alias) => `${name} as ${alias}`),
    ...(address ? [`${name} at ${address}`] : []),
  ];
}

/** @param inside port and protocol, e.g. "80/tcp" */
export function portItem(bind: string, outside: string, inside: string): string {
  return `${bind}:${outside} -> ${inside}`;
}

/** A mount in one line. */
export function mountItem(kind: string, source: string, target: string, readOnly: boolean): string {
  const from = source.length > 1 ? source.replace(/\/+$/, "") : source;
  return `${kind} ${from} at ${target}${readOnly ? ", read-only" : ""}`;
}

/** A device in one line; in the usual case its path alone. */
export function deviceItem(outside: string, inside: string, permissions: string): string {
  return outside === inside && permissions === "rwm"
    ? outside
    : `${outside} at ${inside} (${permissions})`;
}

/** A capability without the prefix that some engines leave out. */
export function capabilityItem(name: string): string {
  return name.replace(/^CAP_/, "");
}

/** A switch. */
export function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}
