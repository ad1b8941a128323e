import { pinned, type ImageLock } from "../../model/image-reference.ts";
import { cpuText } from "../../model/units.ts";
import {
  capabilityItem,
  deviceItem,
  mountItem,
  networkItems,
  portItem,
  yesNo,
} from "./expected.ts";
import { envMap, type ContainerFacts } from "./facts.ts";
import { nameOf, type InspectedContainer, type InspectedImage } from "./inspect.ts";

const MEBIBYTE = 1024 * 1024;
/** The engine counts processors in billionths. */
const BILLION = 1e9;

/** Log options that are settings; others may be a log server's token. */
const PLAIN_LOG_OPTIONS = ["max-size", "max-file", "mode", "compress"];

/**
 * What the engine says of a container, in the same words as what it should say.
 * @param reference image that is declared for it
 */
export function foundFacts(
  container: InspectedContainer,
  image: InspectedImage | undefined,
  reference: string,
  lock: ImageLock,
): ContainerFacts {
  const { Config: config, HostConfig: host } = container;
  return {
    items: {
      image: [imageItem(container, image, reference, lock)],
      user: config.User ? [config.User] : [],
      hostname: [config.Hostname],
      networks: networksOf(container),
      ports: Object.entries(host.PortBindings ?? {}).flatMap(([inside, bindings]) =>
        (bindings ?? []).map(({ HostIp, HostPort }) =>
          portItem(HostIp || "0.0.0.0", HostPort, inside),
        ),
      ),
      mounts: mountsOf(container, image),
      tmpfs: Object.entries(host.Tmpfs ?? {}).map(([target, options]) =>
        `${target} ${options}`.trim(),
      ),
      devices: (host.Devices ?? []).map((device) =>
        deviceItem(device.PathOnHost, device.PathInContainer, device.CgroupPermissions),
      ),
      extraHosts: host.ExtraHosts ?? [],
      memory: [host.Memory === 0 ? "unlimited" : `${host.Memory / MEBIBYTE} MiB`],
      swap: [swapItem(host)],
      cpus: [host.NanoCpus === 0 ? "unlimited" : cpuText(host.NanoCpus / BILLION)],
      sharedMemory: [`${(host.ShmSize ?? 0) / MEBIBYTE} MiB`],
      capabilities: [
        ...(host.CapDrop ?? []).map((name) => `-${capabilityItem(name)}`),
        ...(host.CapAdd ?? []).map(capabilityItem),
      ],
      securityOptions: (host.SecurityOpt ?? []).map(shortOption),
      privileged: [yesNo(host.Privileged)],
      readOnlyRoot: [yesNo(host.ReadonlyRootfs)],
      groups: host.GroupAdd ?? [],
      init: [yesNo(host.Init ?? false)],
      processes: [host.PidMode === "host" ? "the host's" : host.PidMode || "its own"],
      restart: [restartItem(host.RestartPolicy)],
      logs: [
        host.LogConfig.Type,
        ...Object.entries(host.LogConfig.Config ?? {}).map(([key, value]) =>
          PLAIN_LOG_OPTIONS.includes(key) ? `${key}=${value}` : `${key}=***`,
        ),
      ],
      health: healthItems(config.Healthcheck),
      stopTime: [
        config.StopTimeout === null || config.StopTimeout === undefined
          ? "the engine's"
          : `${config.StopTimeout} s`,
      ],
    },
    words: {
      command: config.Cmd ?? [],
      entrypoint: config.Entrypoint ?? [],
      healthTest: config.Healthcheck?.Test ?? [],
    },
    complete: true,
    env: envMap(config.Env ?? []),
    labels: new Map(Object.entries(config.Labels ?? {})),
  };
}

/** The declared reference when these are its bytes, whatever name they were started by. */
function imageItem(
  { Config: { Image: name } }: InspectedContainer,
  image: InspectedImage | undefined,
  reference: string,
  lock: ImageLock,
): string {
  const digest = lock.images[reference];
  const digests = [name, ...(image?.RepoDigests ?? [])];
  const same = digest !== undefined && digests.some((text) => text.endsWith(`@${digest}`));
  if (same) return pinned(reference, digest);
  const known = name.includes("@") ? undefined : image?.RepoDigests?.[0]?.split("@")[1];
  return known === undefined ? name : pinned(name, known);
}

function networksOf({ Id, Name, NetworkSettings }: InspectedContainer): string[] {
  // The engine adds both by itself.
  const own = [Id.slice(0, 12), nameOf({ Name })];
  return Object.entries(NetworkSettings.Networks ?? {}).flatMap(([name, endpoint]) =>
    networkItems(
      name,
      (endpoint.Aliases ?? []).filter((alias) => !own.includes(alias)),
      endpoint.IPAMConfig?.IPv4Address ?? undefined,
    ),
  );
}

/**
 * Without the nameless volumes that the engine makes where the image asks for one. Of an image that
 * nobody knows any more it may have asked.
 */
function mountsOf({ Mounts }: InspectedContainer, image: InspectedImage | undefined): string[] {
  const asked = Object.keys(image?.Config?.Volumes ?? {}).map(withoutSlash);
  return (Mounts ?? []).flatMap(({ Type, Name, Source, Destination, RW }) => {
    const nameless = Type === "volume" && isNameless(Name ?? "");
    if (nameless && (!image || asked.includes(withoutSlash(Destination)))) return [];
    const source = Type === "volume" ? (nameless ? "without a name" : (Name ?? "")) : Source;
    return [mountItem(Type, source ?? "", Destination, !RW)];
  });
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, "");
}

/** Whether the engine made up the name of a volume. */
export function isNameless(volume: string): boolean {
  return /^[0-9a-f]{64}$/.test(volume);
}

function swapItem({ Memory, MemorySwap }: InspectedContainer["HostConfig"]): string {
  if (MemorySwap === -1) return "unlimited";
  // None named: the engine gives as much again.
  const swap = MemorySwap === 0 ? Memory : MemorySwap - Memory;
  return `${swap / MEBIBYTE} MiB`;
}

/** The engine's client writes it with and without its value. */
function shortOption(option: string): string {
  return option === "no-new-privileges" ? "no-new-privileges:true" : option;
}

function restartItem({
  Name,
  MaximumRetryCount,
}: InspectedContainer["HostConfig"]["RestartPolicy"]): string {
  return MaximumRetryCount ? `${Name}, ${MaximumRetryCount} times` : Name || "no";
}

function healthItems(health: InspectedContainer["Config"]["Healthcheck"]): string[] {
  if (!health) return [];
  const seconds = (time: number | null | undefined): string => `${(time ?? 0) / BILLION} s`;
  return [
    `interval ${seconds(health.Interval)}`,
    `timeout ${seconds(health.Timeout)}`,
    `retries ${health.Retries ?? 0}`,
    `start period ${seconds(health.StartPeriod)}`,
    `start interval ${seconds(health.StartInterval)}`,
  ];
}
