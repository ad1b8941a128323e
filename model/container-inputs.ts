import { softDevices } from "./device-gates.ts";
import type { HostDeclaration, PortDeclaration, AppService } from "./declaration.ts";
import { specFingerprint } from "./host-plan.ts";
import { filePath } from "./paths.ts";
import { stopSeconds } from "./stop-time.ts";
import { cpuText, toMebibytes, type Duration } from "./units.ts";

/**
 * What the engine is asked for when a service's container is made: its declaration with the house
 * rules and every default filled in, as plain data. The container is made from it, and what is
 * found on a host is compared with it, so that the two cannot disagree.
 */
export interface ContainerInputs {
  /** "KEY=value", beside what the image brings. */
  readonly env: readonly string[];
  readonly ports: readonly PortDeclaration[];
  /** Volumes, folders of the host, then the service's files. */
  readonly mounts: readonly MountInput[];
  /** Path in the container to the mount's options. */
  readonly tmpfs: Readonly<Record<string, string>>;
  /** Same path inside. */
  readonly devices: readonly string[];
  /** Name to address. */
  readonly extraHosts: Readonly<Record<string, string>>;
  /** In MiB; also the limit of memory and swap together, so there is none on top. */
  readonly memory: number;
  /** As the engine reads it back. */
  readonly cpus: string;
  readonly securityOptions: readonly string[];
  /** With "CAP_"; all others are dropped. */
  readonly capabilities: readonly string[];
  readonly restart: "on-failure";
  readonly logDriver: "json-file";
  readonly logOptions: Readonly<Record<string, string>>;
  readonly health: HealthInputs;
  readonly stopSeconds: number;
  /** Without the fingerprint of the files, which holds secrets. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A volume or a path of the host in the container. */
export interface MountInput {
  readonly kind: "volume" | "bind";
  /** Name of the volume, or path on the host. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** The engine's check of a container. */
export interface HealthInputs {
  readonly test: readonly string[];
  readonly interval: Duration;
  readonly timeout: Duration;
  readonly retries: number;
  readonly startPeriod: Duration;
  readonly startInterval: Duration;
}

/** Label with the keyed fingerprint of the service's files, on containers that have some. */
export const FILES_LABEL = "homelab.files";

/**
 * Label of a container that was made anew because the one before was not as declared: what differed,
 * as a digest, or when. Its value is another each time, so Pulumi makes the container anew.
 */
export const ANEW_LABEL = "homelab.anew";

/** Tries of the health check, in its start period, this often: the soonest a dependent can go on. */
const START_INTERVAL: Duration = "1s";

/**
 * What the engine is asked for.
 * @param present those of the devices that may be missing which the host has
 */
export function containerInputs(
  host: HostDeclaration,
  declared: AppService,
  present: readonly string[],
): ContainerInputs {
  const logs = declared.logs ?? { maxSize: "10MiB", maxFiles: 3 };
  return {
    env: Object.entries(declared.env ?? {}).map(([key, value]) => `${key}=${value}`),
    ports: declared.ports ?? [],
    mounts: mountsOf(declared),
    tmpfs: tmpfsOf(declared),
    devices: devicesOf(host, declared, present),
    extraHosts: declared.extraHosts ?? {},
    memory: toMebibytes(declared.limits.memory),
    cpus: cpuText(declared.limits.cpus),
    securityOptions: [
      // The engine adds it to whoever sees the host's processes; unnamed, it would be a change.
      ...(declared.hostPid ? ["label=disable"] : []),
      "no-new-privileges:true",
    ],
    capabilities: [...(declared.capabilities ?? [])].sort().map((name) => `CAP_${name}`),
    // After a crash only: the boot permit keeps the engine from doing the same at boot.
    restart: "on-failure",
    logDriver: "json-file",
    logOptions: {
      "max-size": `${toMebibytes(logs.maxSize)}m`,
      "max-file": String(logs.maxFiles),
    },
    health: healthOf(declared),
    // For who stops it without naming a time: a person, an upgrade of the engine, a reboot.
    stopSeconds: stopSeconds(declared),
    labels: labelsOf(host, declared),
  };
}

function mountsOf({ name, mounts = [], files = [] }: AppService): MountInput[] {
  const mounted = mounts.flatMap((mount): MountInput[] => {
    if (mount.kind === "tmpfs") return [];
    const source = mount.kind === "volume" ? mount.volume : mount.source;
    return [{ kind: mount.kind, source, target: mount.target, readOnly: mount.readOnly ?? false }];
  });
  const written = files.map((file): MountInput => ({
    kind: "bind",
    source: filePath(name, file),
    target: file.target,
    readOnly: true,
  }));
  return [...mounted, ...written];
}

function tmpfsOf({ mounts = [] }: AppService): Record<string, string> {
  return Object.fromEntries(
    mounts.flatMap((mount) =>
      mount.kind === "tmpfs" ? [[mount.target, `size=${toMebibytes(mount.size)}m`] as const] : [],
    ),
  );
}

/**
 * The devices that are passed in. One that the service can do without is passed where the host has
 * it: the engine refuses a container whose device is missing. Its coming or going makes the
 * container anew.
 */
function devicesOf(
  host: HostDeclaration,
  declared: AppService,
  present: readonly string[],
): string[] {
  const soft = softDevices(host, declared);
  return (declared.devices ?? []).filter(
    (device) => !soft.includes(device) || present.includes(device),
  );
}

function healthOf({ health }: AppService): HealthInputs {
  return {
    test: health.test,
    interval: health.interval ?? "30s",
    timeout: health.timeout ?? "10s",
    retries: health.retries ?? 3,
    startPeriod: health.startPeriod ?? "30s",
    startInterval: START_INTERVAL,
  };
}

function labelsOf(host: HostDeclaration, declared: AppService): Record<string, string> {
  return {
    ...declared.labels,
    "homelab.host": host.host,
    "homelab.stack": declared.stack,
    "homelab.service": declared.name,
    "homelab.category": declared.category,
    "homelab.critical": String(declared.critical ?? false),
    "homelab.spec": specFingerprint(declared),
    // Read by Watchtower: it looks at these and no others.
    "com.centurylinklabs.watchtower.enable": String(declared.watchUpdates ?? false),
  };
}
