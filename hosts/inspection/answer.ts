import { z } from "zod";
import { parseBootRecord, type BootRecord } from "../../model/boot-record.ts";
import { parseObservation, type Observation } from "../observation.ts";
import { parseDockerInfo, type DockerInfo } from "./needs/docker-info.ts";
import { parseListeners, type Listener } from "./needs/listeners.ts";
import { ownAddresses, parseEngineNetworks, parseRoutes } from "./needs/routes.ts";
import type { EngineNetwork, Route } from "./needs/routes.ts";
import { parsePublished, type PublishedPort } from "./needs/published.ts";
import { TEXT } from "./needs/script.ts";
import { FACT } from "./script.ts";

/** A container as its engine describes it. */
export interface SeenContainer {
  readonly name: string;
  readonly id: string;
  /** running, exited, created, … */
  readonly status: string;
  /** healthy, unhealthy, starting, or none without a check. */
  readonly health: string;
  readonly restarts: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Last output of its check. */
  readonly output: string;
  /** Ports of the host that lead to it now. */
  readonly published: readonly PublishedPort[];
}

/** A file system. */
export interface SeenDisk {
  /** Used share in percent. */
  readonly used: number;
  /** What is left, in MiB; undefined when it did not say. */
  readonly free: number | undefined;
}

/** What a host answered to the check's script. */
export interface HostAnswer {
  readonly engine: string;
  readonly node: {
    /** As a unit of systemd finds it, or why it does not. */
    readonly version: string;
    /** Where a login finds it; empty if it does not. */
    readonly login: string;
    /** Where a unit looks. */
    readonly path: string;
  };
  /** Memory of the machine in MiB; undefined when it did not say. */
  readonly memory: number | undefined;
  /** What systemd says of the boot unit: is-enabled, is-failed. */
  readonly unit: { readonly enabled: string; readonly failed: string };
  /** What became of the services since the last boot; undefined when nothing says so. */
  readonly boot: BootRecord | undefined;
  /** Text of the file by which somebody announced maintenance. */
  readonly maintenance: string | undefined;
  /** What the login printed before the script began; empty as it should be. */
  readonly greeting: string;
  /** sshd's own words on how much it takes at once; empty when it did not say. */
  readonly sshd: string;
  /** There is a plan by which the boot unit starts the services. */
  readonly planWritten: boolean;
  /** The file systems that matter, by mount point. */
  readonly disks: Readonly<Record<string, SeenDisk>>;
  /** Mount point of the one that images are kept on. */
  readonly imageDisk: string;
  /** Paths of the needed programs that are there. */
  readonly programs: readonly string[];
  readonly externals: Readonly<Record<string, string>>;
  readonly containers: readonly SeenContainer[];
  readonly observation: Observation;
  /** undefined when no engine answered. */
  readonly docker: DockerInfo | undefined;
  readonly listeners: readonly Listener[];
  readonly routes: readonly Route[];
  /** Addresses of the host itself. */
  readonly addresses: readonly string[];
  readonly networks: readonly EngineNetwork[];
  /** Seconds since 1970. */
  readonly clock: number | undefined;
  readonly timedatectl: string;
  readonly resolvConf: string;
  /** Number of the user who was logged in. */
  readonly user: string;
  /** Folders that a user may watch. */
  readonly watches: number | undefined;
  /** What asking each registry ended with: an HTTP status, or a complaint. */
  readonly registries: Readonly<Record<string, string>>;
}

const labelsSchema = z.record(z.string(), z.string()).nullable();

/** Reads the lines that the script printed; lines of others (a login banner) are passed over. */
export function parseAnswer(output: string, greeting = ""): HostAnswer {
  const facts = new Map<string, string>();
  const disks: Record<string, SeenDisk> = {};
  const texts: Record<string, string> = {};
  const registries: Record<string, string> = {};
  const programs: string[] = [];
  const externals: Record<string, string> = {};
  const containers: SeenContainer[] = [];
  const rest: string[] = [];
  for (const line of output.split("\n")) {
    if (!line.startsWith(FACT)) {
      rest.push(line);
      continue;
    }
    const [kind = "", name = "", value = "", ...more] = line.slice(FACT.length).split("\t");
    if (kind === "disk") disks[name] = { used: Number(value), free: mebibytesIn(more[0] ?? "") };
    else if (kind === TEXT) texts[name] = decoded(value) ?? "";
    else if (kind === "registry") registries[name] = value;
    else if (kind === "program") programs.push(name);
    else if (kind === "external") externals[name] = value;
    else if (kind === "container") containers.push(containerIn([name, value, ...more]));
    else facts.set(`${kind} ${name}`, value.trim());
  }
  const fact = (key: string): string => facts.get(key) ?? "";
  return {
    engine: fact("engine version"),
    node: { version: fact("node version"), login: fact("node login"), path: fact("node path") },
    memory: mebibytesIn(fact("memory total")),
    unit: { enabled: fact("unit enabled"), failed: fact("unit failed") },
    boot: parseBootRecord(decoded(facts.get("boot file")) ?? ""),
    maintenance: decoded(facts.get("maintenance file")),
    greeting,
    sshd: fact("sshd limits"),
    planWritten: facts.has("plan written"),
    disks,
    imageDisk: fact("images disk"),
    programs,
    externals,
    containers,
    observation: parseObservation(rest.join("\n")),
    docker: parseDockerInfo(texts["docker-info"] ?? ""),
    listeners: parseListeners(texts["listeners"] ?? ""),
    routes: parseRoutes(texts["routes"] ?? ""),
    addresses: ownAddresses(texts["routes"] ?? ""),
    networks: parseEngineNetworks(texts["networks"] ?? ""),
    clock: numberIn(fact("clock seconds")),
    timedatectl: texts["timedatectl"] ?? "",
    resolvConf: texts["resolv.conf"] ?? "",
    user: fact("user id"),
    watches: numberIn(fact("inotify watches")),
    registries,
  };
}

/** Whether something of ours is on the host. */
export function wasDeployed(answer: HostAnswer): boolean {
  return (
    answer.planWritten ||
    answer.containers.some(({ labels }) => labels["homelab.service"] !== undefined)
  );
}

function decoded(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, "base64").toString("utf8");
}

/** What stands in kB, as the kernel says it. */
function mebibytesIn(kibibytes: string): number | undefined {
  const number = numberIn(kibibytes);
  return number === undefined ? undefined : number / 1024;
}

function numberIn(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function containerIn(fields: readonly string[]): SeenContainer {
  const [name = "", id = "", status = "", health = "", restarts = "0"] = fields;
  return {
    name: name.replace(/^\//, ""),
    id,
    status,
    health,
    restarts: Number(restarts),
    labels: labelsSchema.parse(JSON.parse(fields[5] ?? "{}")) ?? {},
    output: z
      .string()
      .parse(JSON.parse(fields[6] ?? '""'))
      .trim(),
    published: parsePublished(fields[7] ?? "null"),
  };
}
