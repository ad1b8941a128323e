// An OpenTofu configuration of a host, made of the same inputs as the Pulumi program's containers,
// for the same provider: what differs is who drives it.
import { BOOT_PERMIT } from "../model/boot.ts";
import { containerInputs, type ContainerInputs } from "../model/container-inputs.ts";
import type { HostDeclaration, ServiceDeclaration } from "../model/declaration.ts";
import { pinned } from "../model/image-reference.ts";
import { goDuration, toMebibytes } from "../model/units.ts";
import type { ComposeOptions } from "./compose-files.ts";

/** Longest wait for one container's health. */
const HEALTHY_SECONDS = 180;

/** How the provider reaches the engine. */
export interface TofuConnection {
  readonly host: string;
  /** Options of `ssh`. */
  readonly sshOptions: readonly string[];
}

/** The text of main.tf.json. */
export function tofuConfiguration(
  host: HostDeclaration,
  options: ComposeOptions,
  connection: TofuConnection,
): string {
  const names = new Set(host.services.map(({ name }) => name));
  // Those with fixed addresses first: the engine gives the others addresses of its own choice.
  const fixed = host.networks.filter(({ subnet }) => subnet !== undefined);
  const depends_on = fixed.map(({ name }) => `docker_network.${name}`);
  const images = [...new Set(host.services.map(({ image }) => image))];
  const configuration = {
    terraform: { required_providers: { docker: { source: "kreuzwerker/docker" } } },
    provider: { docker: { host: connection.host, ssh_opts: connection.sshOptions } },
    resource: {
      docker_network: Object.fromEntries(
        host.networks.map(({ name, subnet, gateway }) => [
          name,
          subnet && gateway ? { name, ipam_config: [{ subnet, gateway }] } : { name, depends_on },
        ]),
      ),
      docker_image: Object.fromEntries(
        images.map((image) => [
          keyOf(image),
          { name: literal(pinned(image, digestOf(image, options))), keep_locally: true },
        ]),
      ),
      docker_container: Object.fromEntries(
        host.services.map((service) => [
          service.name,
          container(host, service, names, options.bootPermit),
        ]),
      ),
    },
  };
  return `${JSON.stringify(configuration, undefined, 2)}\n`;
}

function container(
  host: HostDeclaration,
  service: ServiceDeclaration,
  names: ReadonlySet<string>,
  bootPermit: boolean,
): Record<string, unknown> {
  const inputs = containerInputs(host, service, service.devices ?? []);
  const needs = (service.requires ?? []).map(({ on }) => on).filter((on) => names.has(on));
  return {
    name: service.name,
    image: `\${docker_image.${keyOf(service.image)}.name}`,
    depends_on: [
      ...needs.map((on) => `docker_container.${on}`),
      ...service.networks.map(({ name }) => `docker_network.${name}`),
    ],
    ...(isReadBackInAnyOrder(service) && { lifecycle: { ignore_changes: ["ports"] } }),
    ...(literal({
      ...processOf(service),
      ...surroundingsOf(service, inputs, bootPermit),
      ...limitsOf(inputs),
    }) as Record<string, unknown>),
  };
}

/** The provider reads a port at several addresses back in any order, and calls that a change. */
function isReadBackInAnyOrder({ ports = [] }: ServiceDeclaration): boolean {
  return new Set(ports.map((port) => `${port.container}/${port.protocol}`)).size < ports.length;
}

function processOf(service: ServiceDeclaration) {
  return {
    ...(service.command && { command: service.command }),
    ...(service.entrypoint && { entrypoint: service.entrypoint }),
    ...(service.user && { user: service.user }),
    ...(service.hostname && { hostname: service.hostname }),
    ...(service.init && { init: true }),
    ...(service.hostPid && { pid_mode: "host" }),
    ...(service.sharedMemory && { shm_size: toMebibytes(service.sharedMemory) }),
    ...(service.readOnlyRoot && { read_only: true }),
    ...(service.groups && { group_add: service.groups }),
  };
}

function surroundingsOf(service: ServiceDeclaration, inputs: ContainerInputs, bootPermit: boolean) {
  const permit = { type: "bind", source: BOOT_PERMIT, target: BOOT_PERMIT, read_only: true };
  return {
    env: inputs.env,
    networks_advanced: service.networks.map(({ name, aliases, address }) => ({
      name,
      ...(aliases && { aliases }),
      ...(address && { ipv4_address: address }),
    })),
    ports: inputs.ports.map(({ bind, host, container: internal, protocol }) => ({
      ip: bind,
      external: host,
      internal,
      protocol,
    })),
    volumes: inputs.mounts.map(({ kind, source, target, readOnly }) => ({
      [kind === "volume" ? "volume_name" : "host_path"]: source,
      container_path: target,
      read_only: readOnly,
    })),
    ...(bootPermit && { mounts: [permit] }),
    ...(Object.keys(inputs.tmpfs).length > 0 && { tmpfs: inputs.tmpfs }),
    devices: inputs.devices.map((path) => ({
      host_path: path,
      container_path: path,
      permissions: "rwm",
    })),
    host: Object.entries(inputs.extraHosts).map(([name, ip]) => ({ host: name, ip })),
    labels: Object.entries(inputs.labels).map(([label, value]) => ({ label, value })),
  };
}

function limitsOf(inputs: ContainerInputs) {
  const { health } = inputs;
  return {
    memory: inputs.memory,
    memory_swap: inputs.memory,
    cpus: inputs.cpus,
    security_opts: inputs.securityOptions,
    capabilities: [{ add: inputs.capabilities, drop: ["ALL"] }],
    restart: inputs.restart,
    must_run: true,
    wait: true,
    wait_timeout: HEALTHY_SECONDS,
    log_driver: inputs.logDriver,
    log_opts: inputs.logOptions,
    healthcheck: [
      {
        test: health.test,
        interval: goDuration(health.interval),
        timeout: goDuration(health.timeout),
        retries: health.retries,
        start_period: goDuration(health.startPeriod),
        start_interval: goDuration(health.startInterval),
      },
    ],
    stop_timeout: inputs.stopSeconds,
    destroy_grace_seconds: inputs.stopSeconds,
    remove_volumes: false,
  };
}

/** A name that OpenTofu takes. */
function keyOf(image: string): string {
  return `i-${image.replaceAll(/[^A-Za-z0-9_-]/g, "-")}`;
}

function digestOf(image: string, { lock }: ComposeOptions): string {
  const digest = lock.images[image];
  if (digest === undefined) throw new Error(`"${image}" has no digest in the lock file`);
  return digest;
}

/** OpenTofu fills in what stands in "${…}" and "%{…}" wherever text stands. */
function literal(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(/[$%](?=\{)/g, (sign) => `${sign}${sign}`);
  if (Array.isArray(value)) return value.map(literal);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, literal(inner)]));
}
