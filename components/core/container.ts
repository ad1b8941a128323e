import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { BOOT_PERMIT } from "../../model/boot.ts";
import type { MountDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import { softDevices } from "../../model/device-gates.ts";
import { specFingerprint } from "../../model/host-plan.ts";
import { stopSeconds } from "../../model/stop-time.ts";
import { cpuText, goDuration, toMebibytes } from "../../model/units.ts";
import type { Host } from "./host.ts";
import { filePath } from "./service-files.ts";

/** Arguments of createContainer. */
export interface ContainerArgs {
  readonly host: Host;
  readonly declaration: ServiceDeclaration;
  readonly volumes: ReadonlyMap<string, docker.Volume>;
  /** Fingerprint of the service's files; the container starts anew when it changes. */
  readonly filesFingerprint: pulumi.Output<string> | undefined;
}

/**
 * Properties that the provider would change in place, or claims to change and does not. Each
 * change makes a new container instead, so that what runs is always what was declared, and every
 * change passes the health gate.
 */
const REPLACE_ON_CHANGE = [
  "cpuPeriod",
  "cpuQuota",
  "cpuShares",
  "cpus",
  "healthcheck",
  "init",
  "maxRetryCount",
  "memory",
  "memorySwap",
  "mustRun",
  "restart",
  "rm",
  "stopTimeout",
  "tmpfs",
];

type ContainerVolume = docker.types.input.ContainerVolume;

/** Tries of the health check, in its start period, this often: the soonest a dependent can go on. */
const START_INTERVAL = "1s";

/** A mount of this kind, unlike a volume, fails the start when its source is missing. */
const BOOT_PERMIT_MOUNT: docker.types.input.ContainerMount = {
  type: "bind",
  source: BOOT_PERMIT,
  target: BOOT_PERMIT,
  readOnly: true,
};

/** A container with the house rules. */
export function createContainer(
  name: string,
  args: ContainerArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const { host, declaration } = args;
  const memory = toMebibytes(declaration.limits.memory);
  const logs = declaration.logs ?? { maxSize: "10MiB", maxFiles: 3 };
  const envs = Object.entries(declaration.env ?? {}).map(([key, value]) => `${key}=${value}`);
  return new docker.Container(
    name,
    {
      name: declaration.name,
      image: host.image(declaration.image).name,
      ...(declaration.command && { command: [...declaration.command] }),
      ...(declaration.entrypoint && { entrypoints: [...declaration.entrypoint] }),
      ...(declaration.user && { user: declaration.user }),
      ...(declaration.hostname && { hostname: declaration.hostname }),
      ...(declaration.init && { init: true }),
      ...(declaration.hostPid && { pidMode: "host" }),
      ...(declaration.sharedMemory && { shmSize: toMebibytes(declaration.sharedMemory) }),
      ...(declaration.readOnlyRoot && { readOnly: true }),
      ...(declaration.groups && { groupAdds: [...declaration.groups] }),
      envs,
      networksAdvanced: declaration.networks.map((attachment) => ({
        name: host.network(attachment.name).networkName,
        ...(attachment.aliases && { aliases: [...attachment.aliases] }),
        ...(attachment.address && { ipv4Address: attachment.address }),
      })),
      ports: (declaration.ports ?? []).map((port) => ({
        ip: port.bind,
        external: port.host,
        internal: port.container,
        protocol: port.protocol,
      })),
      volumes: volumesOf(args),
      ...(host.bootPermit && { mounts: [BOOT_PERMIT_MOUNT] }),
      ...tmpfsOf(declaration.mounts ?? []),
      devices: devicesOf(args).map((path) => ({
        hostPath: path,
        containerPath: path,
        permissions: "rwm",
      })),
      hosts: Object.entries(declaration.extraHosts ?? {}).map(([hostname, ip]) => ({
        host: hostname,
        ip,
      })),
      // Both, and equal: no swap on top of the memory. With memory alone the engine doubles it
      // and every preview shows the difference.
      memory,
      memorySwap: memory,
      cpus: cpuText(declaration.limits.cpus),
      securityOpts: [
        // The engine adds it to whoever sees the host's processes; unnamed, it would be a change.
        ...(declaration.hostPid ? ["label=disable"] : []),
        "no-new-privileges:true",
      ],
      capabilities: {
        adds: [...(declaration.capabilities ?? [])].sort().map((capability) => `CAP_${capability}`),
        drops: ["ALL"],
      },
      // After a crash only: the boot permit keeps the engine from doing the same at boot.
      restart: "on-failure",
      mustRun: true,
      logDriver: "json-file",
      logOpts: { "max-size": `${toMebibytes(logs.maxSize)}m`, "max-file": String(logs.maxFiles) },
      healthcheck: healthcheckOf(declaration),
      // For who stops it without naming a time: a person, an upgrade of the engine, a reboot.
      stopTimeout: stopSeconds(declaration),
      // The provider names one, and without this it is none: it would kill.
      destroyGraceSeconds: stopSeconds(declaration),
      removeVolumes: false,
      labels: labelsOf(args),
    },
    pulumi.mergeOptions(opts, {
      // Its name and ports are free only when the old one is gone.
      deleteBeforeReplace: true,
      replaceOnChanges: REPLACE_ON_CHANGE,
      ignoreChanges: hasPortsAsDeclared(args) ? ["ports"] : [],
    }),
  );
}

/**
 * The devices that are passed in. One that the service can do without is passed where the host has
 * it: the engine refuses a container whose device is missing. Its coming or going makes the
 * container anew.
 */
function devicesOf({ host, declaration }: ContainerArgs): string[] {
  const soft = softDevices(host.declaration, declaration);
  return (declaration.devices ?? []).filter(
    (device) => !soft.includes(device) || host.observation.devices.includes(device),
  );
}

/**
 * Whether a container publishes one of its ports at several addresses, and was made with just the
 * ports that are declared now. The provider reads such ports back in any order and calls that a
 * change; an engine cannot change the ports of a container, so there is none.
 */
function hasPortsAsDeclared({ host, declaration }: ContainerArgs): boolean {
  const ports = (declaration.ports ?? []).map((port) => `${port.container}/${port.protocol}`);
  if (new Set(ports).size === ports.length) return false;
  return host.observation.containers[declaration.name]?.spec === specFingerprint(declaration);
}

function healthcheckOf({ health }: ServiceDeclaration): docker.types.input.ContainerHealthcheck {
  return {
    tests: [...health.test],
    interval: goDuration(health.interval ?? "30s"),
    timeout: goDuration(health.timeout ?? "10s"),
    retries: health.retries ?? 3,
    startPeriod: goDuration(health.startPeriod ?? "30s"),
    startInterval: START_INTERVAL,
  };
}

function volumesOf(args: ContainerArgs): ContainerVolume[] {
  const { declaration } = args;
  const mounted = (declaration.mounts ?? []).flatMap((mount): ContainerVolume[] => {
    switch (mount.kind) {
      case "tmpfs":
        return [];
      case "bind":
        return [
          {
            hostPath: mount.source,
            containerPath: mount.target,
            readOnly: mount.readOnly ?? false,
          },
        ];
      case "volume": {
        // A backup sidecar also mounts volumes of apps that come after it. The engine makes a
        // named volume when it is first mentioned; its own app finds it there.
        const volumeName = args.volumes.get(mount.volume)?.name ?? mount.volume;
        return [
          {
            volumeName,
            containerPath: mount.target,
            readOnly: mount.readOnly ?? false,
          },
        ];
      }
    }
  });
  const files = (declaration.files ?? []).map((file) => ({
    hostPath: filePath(declaration.name, file),
    containerPath: file.target,
    readOnly: true,
  }));
  return [...mounted, ...files];
}

function tmpfsOf(mounts: readonly MountDeclaration[]): { tmpfs?: Record<string, string> } {
  const entries = mounts.flatMap((mount) =>
    mount.kind === "tmpfs" ? [[mount.target, `size=${toMebibytes(mount.size)}m`] as const] : [],
  );
  return entries.length === 0 ? {} : { tmpfs: Object.fromEntries(entries) };
}

function labelsOf({
  host,
  declaration,
  filesFingerprint,
}: ContainerArgs): docker.types.input.ContainerLabel[] {
  const labels: Record<string, pulumi.Input<string>> = {
    "homelab.host": host.declaration.host,
    "homelab.stack": declaration.stack,
    "homelab.service": declaration.name,
    "homelab.category": declaration.category,
    "homelab.critical": String(declaration.critical ?? false),
    "homelab.spec": specFingerprint(declaration),
    // Read by Watchtower: it looks at these and no others.
    "com.centurylinklabs.watchtower.enable": String(declaration.watchUpdates ?? false),
  };
  if (filesFingerprint) labels["homelab.files"] = filesFingerprint;
  return Object.entries(labels).map(([label, value]) => ({ label, value }));
}
