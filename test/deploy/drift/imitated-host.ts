import type { Observation } from "../../../hosts/observation.ts";
import type {
  InspectedContainer,
  InspectedImage,
  InspectedNetwork,
  InspectedVolume,
} from "../../../hosts/engine/inspect.ts";
import type { HostLook } from "../../../deploy/drift/look.ts";
import { BOOT_PERMIT } from "../../../model/boot.ts";
import { containerInputs } from "../../../model/container-inputs.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../../model/declaration.ts";
import { fingerprint } from "../../../model/fingerprint.ts";
import { hostPlan } from "../../../model/host-plan.ts";
import { pinned, type ImageLock } from "../../../model/image-reference.ts";
import { NO_OVERRIDES } from "../../../model/override-files.ts";
import { BOOT_RECORD, PLAN_RECORD } from "../../../model/paths.ts";
import { toMebibytes, toSeconds, type Duration } from "../../../model/units.ts";

/** The same with everything in it writable, so that a test can change it as a person would. */
type Writable<T> = { -readonly [Key in keyof T]: Writable<T[Key]> };

/** What a look at a host says, to be changed. */
export type SeenHost = Writable<HostLook>;

const MEBIBYTE = 1024 * 1024;

/** What its clock says: 2026-01-02 03:04:05 UTC. */
export const CLOCK = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;

/** What every image here brings along. */
const BROUGHT = {
  Env: ["PATH=/usr/bin:/bin", "LANG=C"],
  Cmd: ["serve"],
  Entrypoint: ["/entry"],
  User: "999",
  Labels: { "org.opencontainers.image.title": "an image" },
  Volumes: { "/scratch": {} },
};

/** A made-up digest of every image of a host. */
export function lockOf({ services }: HostDeclaration): ImageLock {
  const images = services.map(({ image }) => [image, `sha256:${hexOf(image)}`] as const);
  return { version: 1, images: Object.fromEntries(images) };
}

/** A host on which everything is just as it is declared. */
export function hostAsDeclared(host: HostDeclaration, lock: ImageLock): SeenHost {
  const images = [...new Set(host.services.map(({ image }) => image))];
  const plan = hostPlan(host, lock, "");
  const look: HostLook = {
    containers: host.services.map((service) => containerAsMade(host, service, lock)),
    images: images.map((image) => imageAsPulled(image, lock)),
    networks: [
      ...["bridge", "host", "none"].map((Name) => network(Name, Name === "bridge" ? Name : "null")),
      ...host.networks.map(({ name, subnet, gateway }) =>
        network(name, "bridge", [{ Subnet: subnet ?? "172.30.0.0/16", Gateway: gateway }]),
      ),
    ],
    volumes: host.volumes.map(({ name }) => volume(name)),
    planDigest: plan.digest,
    clock: CLOCK,
    boot: undefined,
    observation: observationOf(host, plan.gates),
  };
  return structuredClone(look) as SeenHost;
}

function observationOf(
  host: HostDeclaration,
  gates: readonly { readonly name: string }[],
): Observation {
  const withFiles = host.services.filter(({ files = [] }) => files.length > 0);
  const records = [BOOT_RECORD, PLAN_RECORD, ...withFiles.map(({ name }) => name)];
  return {
    files: Object.fromEntries(records.map((record) => [record, "token"])),
    gated: Object.fromEntries(host.services.map(({ name }) => [name, hexOf(name)])),
    conditions: Object.fromEntries(
      gates.map(({ name }) => [
        name,
        { open: true, seen: "", last: { token: "token", open: true } },
      ]),
    ),
    mesh: "token",
    firstUser: "admin",
    containers: Object.fromEntries(
      host.services.map(({ name }) => [name, { id: hexOf(name), labelled: true, spec: "" }]),
    ),
    devices: host.services.flatMap(({ devices = [] }) => devices),
    data: [],
    putBack: {},
    images: { digests: [], token: undefined },
    overrides: NO_OVERRIDES,
  };
}

/** The container as the engine shows it after a deployment. */
export function containerAsMade(
  host: HostDeclaration,
  service: ServiceDeclaration,
  lock: ImageLock,
): InspectedContainer {
  const devices = service.devices ?? [];
  const inputs = containerInputs(host, service, devices);
  const nanoseconds = (time: Duration): number => toSeconds(time) * 1e9;
  const id = hexOf(service.name);
  return {
    Id: id,
    Name: `/${service.name}`,
    Image: `sha256:${hexOf(`id of ${service.image}`)}`,
    State: { Status: "running", ExitCode: 0, Health: { Status: "healthy", Log: [] } },
    Config: {
      Image: pinned(service.image, lock.images[service.image] ?? ""),
      Hostname: service.hostname ?? id.slice(0, 12),
      User: service.user ?? BROUGHT.User,
      Env: [...inputs.env, ...BROUGHT.Env],
      Cmd: [...(service.command ?? (service.entrypoint ? [] : BROUGHT.Cmd))],
      Entrypoint: [...(service.entrypoint ?? BROUGHT.Entrypoint)],
      Labels: {
        ...BROUGHT.Labels,
        ...inputs.labels,
        ...(service.files && { "homelab.files": "f1e2" }),
      },
      StopTimeout: inputs.stopSeconds,
      Healthcheck: {
        Test: [...inputs.health.test],
        Interval: nanoseconds(inputs.health.interval),
        Timeout: nanoseconds(inputs.health.timeout),
        StartPeriod: nanoseconds(inputs.health.startPeriod),
        StartInterval: nanoseconds(inputs.health.startInterval),
        Retries: inputs.health.retries,
      },
    },
    HostConfig: {
      Memory: inputs.memory * MEBIBYTE,
      MemorySwap: inputs.memory * MEBIBYTE,
      NanoCpus: service.limits.cpus * 1e9,
      ShmSize: toMebibytes(service.sharedMemory ?? "64MiB") * MEBIBYTE,
      CapAdd: inputs.capabilities.length === 0 ? null : [...inputs.capabilities],
      CapDrop: ["ALL"],
      SecurityOpt: [...inputs.securityOptions],
      Privileged: false,
      ReadonlyRootfs: service.readOnlyRoot ?? false,
      GroupAdd: service.groups ? [...service.groups] : null,
      Init: service.init ?? false,
      PidMode: service.hostPid ? "host" : "",
      ExtraHosts: Object.entries(inputs.extraHosts).map(([name, ip]) => `${name}:${ip}`),
      Tmpfs: { ...inputs.tmpfs },
      Devices: devices.map((path) => ({
        PathOnHost: path,
        PathInContainer: path,
        CgroupPermissions: "rwm",
      })),
      PortBindings: portBindings(service),
      RestartPolicy: { Name: inputs.restart, MaximumRetryCount: 0 },
      LogConfig: { Type: inputs.logDriver, Config: { ...inputs.logOptions } },
    },
    Mounts: [
      ...inputs.mounts.map(({ kind, source, target, readOnly }) => ({
        Type: kind,
        ...(kind === "volume"
          ? { Name: source, Source: `/var/lib/docker/volumes/${source}/_data` }
          : { Source: source }),
        Destination: target,
        RW: !readOnly,
      })),
      { Type: "bind", Source: BOOT_PERMIT, Destination: BOOT_PERMIT, RW: false },
      // Where the image asks for a volume and nothing is declared.
      { Type: "volume", Name: hexOf("scratch"), Source: "", Destination: "/scratch", RW: true },
    ],
    NetworkSettings: {
      Networks: Object.fromEntries(
        service.networks.map(({ name, aliases = [], address }) => [
          name,
          {
            Aliases: [...aliases, id.slice(0, 12)],
            IPAMConfig: address === undefined ? {} : { IPv4Address: address },
          },
        ]),
      ),
    },
  };
}

function portBindings({ ports = [] }: ServiceDeclaration) {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { bind, host, container, protocol } of ports) {
    (bindings[`${container}/${protocol}`] ??= []).push({ HostIp: bind, HostPort: String(host) });
  }
  return bindings;
}

function imageAsPulled(image: string, lock: ImageLock): InspectedImage {
  const repository = image.replace(/:[^:/]*$/, "");
  return {
    Id: `sha256:${hexOf(`id of ${image}`)}`,
    RepoDigests: [`${repository}@${lock.images[image] ?? ""}`],
    Config: BROUGHT,
  };
}

/** A network as the engine shows it. */
export function network(
  Name: string,
  Driver = "bridge",
  Config: { Subnet?: string | undefined; Gateway?: string | undefined }[] = [],
): InspectedNetwork {
  return { Name, Driver, Internal: false, Labels: {}, IPAM: { Config } };
}

/** A volume as the engine shows it. */
export function volume(Name: string, Labels: Record<string, string> = {}): InspectedVolume {
  return { Name, Labels };
}

/** 64 digits made of a word, as ids and digests have. */
export function hexOf(word: string): string {
  return [1, 2, 3, 4].map((part) => fingerprint(`${word} ${part}`)).join("");
}
