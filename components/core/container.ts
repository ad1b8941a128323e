import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { BOOT_PERMIT } from "../../model/boot.ts";
import {
  ANEW_LABEL,
  containerInputs,
  FILES_LABEL,
  type ContainerInputs,
  type HealthInputs,
  type MountInput,
} from "../../model/container-inputs.ts";
import type { AppService } from "../../model/declaration.ts";
import { specFingerprint } from "../../model/host-plan.ts";
import { goDuration, toMebibytes } from "../../model/units.ts";
import type { Host } from "./host.ts";

/** Arguments of createContainer. */
export interface ContainerArgs {
  readonly host: Host;
  readonly declaration: AppService;
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

/** A mount of this kind, unlike a volume, fails the start when its source is missing. */
const BOOT_PERMIT_MOUNT: docker.types.input.ContainerMount = {
  type: "bind",
  source: BOOT_PERMIT,
  target: BOOT_PERMIT,
  readOnly: true,
};

/** A container with the house rules, which are in containerInputs. */
export function createContainer(
  name: string,
  args: ContainerArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const { host, declaration } = args;
  const inputs = containerInputs(host.declaration, declaration, host.observation.devices);
  return new docker.Container(
    name,
    {
      name: declaration.name,
      image: host.image(declaration.image),
      ...(declaration.command && { command: [...declaration.command] }),
      ...(declaration.entrypoint && { entrypoints: [...declaration.entrypoint] }),
      ...(declaration.user && { user: declaration.user }),
      ...(declaration.hostname && { hostname: declaration.hostname }),
      ...(declaration.init && { init: true }),
      ...(declaration.hostPid && { pidMode: "host" }),
      ...(declaration.sharedMemory && { shmSize: toMebibytes(declaration.sharedMemory) }),
      ...(declaration.readOnlyRoot && { readOnly: true }),
      ...(declaration.groups && { groupAdds: [...declaration.groups] }),
      envs: [...inputs.env],
      networksAdvanced: declaration.networks.map((attachment) => ({
        name: host.network(attachment.name).networkName,
        ...(attachment.aliases && { aliases: [...attachment.aliases] }),
        ...(attachment.address && { ipv4Address: attachment.address }),
      })),
      ports: inputs.ports.map((port) => ({
        ip: port.bind,
        external: port.host,
        internal: port.container,
        protocol: port.protocol,
      })),
      volumes: inputs.mounts.map((mount) => volumeOf(mount, args)),
      ...(host.bootPermit && { mounts: [BOOT_PERMIT_MOUNT] }),
      ...(Object.keys(inputs.tmpfs).length > 0 && { tmpfs: { ...inputs.tmpfs } }),
      devices: inputs.devices.map((path) => ({
        hostPath: path,
        containerPath: path,
        permissions: "rwm",
      })),
      hosts: Object.entries(inputs.extraHosts).map(([hostname, ip]) => ({ host: hostname, ip })),
      // Both, and equal: no swap on top of the memory. With memory alone the engine doubles it
      // and every preview shows the difference.
      memory: inputs.memory,
      memorySwap: inputs.memory,
      cpus: inputs.cpus,
      securityOpts: [...inputs.securityOptions],
      capabilities: { adds: [...inputs.capabilities], drops: ["ALL"] },
      restart: inputs.restart,
      mustRun: true,
      logDriver: inputs.logDriver,
      logOpts: { ...inputs.logOptions },
      healthcheck: healthcheckOf(inputs.health),
      stopTimeout: inputs.stopSeconds,
      // The provider names one, and without this it is none: it would kill.
      destroyGraceSeconds: inputs.stopSeconds,
      removeVolumes: false,
      labels: labelsOf(inputs.labels, host.anew(declaration.name)?.label, args.filesFingerprint),
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
 * Whether a container publishes one of its ports at several addresses, and was made with just the
 * ports that are declared now. The provider reads such ports back in any order and calls that a
 * change; an engine cannot change the ports of a container, so there is none.
 */
function hasPortsAsDeclared({ host, declaration }: ContainerArgs): boolean {
  const ports = (declaration.ports ?? []).map((port) => `${port.container}/${port.protocol}`);
  if (new Set(ports).size === ports.length) return false;
  return host.observation.containers[declaration.name]?.spec === specFingerprint(declaration);
}

/** The times as the provider reads them back; any other spelling would be a change. */
function healthcheckOf(health: HealthInputs): docker.types.input.ContainerHealthcheck {
  return {
    tests: [...health.test],
    interval: goDuration(health.interval),
    timeout: goDuration(health.timeout),
    retries: health.retries,
    startPeriod: goDuration(health.startPeriod),
    startInterval: goDuration(health.startInterval),
  };
}

function volumeOf(
  { kind, source, target, readOnly }: MountInput,
  { volumes }: ContainerArgs,
): ContainerVolume {
  const place = { containerPath: target, readOnly };
  if (kind === "bind") return { hostPath: source, ...place };
  // A backup sidecar also mounts volumes of apps that come after it. The engine makes a
  // named volume when it is first mentioned; its own app finds it there.
  return { volumeName: volumes.get(source)?.name ?? source, ...place };
}

function labelsOf(
  declared: ContainerInputs["labels"],
  anew: string | undefined,
  filesFingerprint: pulumi.Output<string> | undefined,
): docker.types.input.ContainerLabel[] {
  const labels: Record<string, pulumi.Input<string>> = { ...declared };
  if (anew !== undefined) labels[ANEW_LABEL] = anew;
  if (filesFingerprint) labels[FILES_LABEL] = filesFingerprint;
  return Object.entries(labels).map(([label, value]) => ({ label, value }));
}
