// Says how a sandbox is, by asking it.
import { existsSync } from "node:fs";
import { MACHINES, type MachineName } from "./addresses.ts";
import { groupName, processesIn } from "./control-groups.ts";
import { onMachine } from "./machine.ts";
import { cutMarker } from "./network.ts";
import { registryAnswers } from "./registry.ts";
import { sandboxSettings, settingsFile, type SandboxSettings } from "./settings.ts";

/** How one machine is. */
export interface MachineStatus {
  readonly machine: MachineName;
  readonly address: string;
  /** Whether it has power. */
  readonly on: boolean;
  /** Whether its cable is in. */
  readonly link: "connected" | "cut";
  /** What `systemctl is-system-running` says; undefined when it cannot be asked. */
  readonly system: string | undefined;
  /** Engine version; undefined when it does not answer. */
  readonly engine: string | undefined;
  readonly containers: ContainerCounts | undefined;
}

/** Containers of a machine, counted. */
export interface ContainerCounts {
  readonly total: number;
  readonly running: number;
  readonly healthy: number;
  /** Names of those that are not healthy, or that are not running. */
  readonly troubled: readonly string[];
}

/** How a sandbox is. */
export interface SandboxStatus {
  readonly folder: string;
  readonly exists: boolean;
  readonly supervisor: boolean;
  readonly registry: boolean;
  readonly machines: readonly MachineStatus[];
}

/** Asks every part of a sandbox; what cannot be reached is reported as such, not thrown. */
export async function status(
  settings: SandboxSettings = sandboxSettings(),
): Promise<SandboxStatus> {
  const [supervisor, registry, machines] = await Promise.all([
    processesIn(groupName(settings.id, "supervisor")),
    registryAnswers(settings),
    Promise.all(MACHINES.map((machine) => machineStatus(settings, machine))),
  ]);
  return {
    folder: settings.folder,
    exists: existsSync(settingsFile(settings.folder)),
    supervisor: supervisor.length > 0,
    registry,
    machines,
  };
}

/** Three answers in one session, each on lines of its own. */
const QUESTION = [
  "systemctl is-system-running",
  "docker version --format '{{.Server.Version}}' 2>/dev/null || echo none",
  "docker ps --all --format '{{.Names}}\t{{.State}}\t{{.Status}}' 2>/dev/null",
].join("; ");

async function machineStatus(
  settings: SandboxSettings,
  machine: MachineName,
): Promise<MachineStatus> {
  const on = (await processesIn(groupName(settings.id, machine))).length > 0;
  const link = existsSync(cutMarker(settings, machine)) ? "cut" : "connected";
  const known = { machine, address: settings.network.machines[machine], on, link } as const;
  const unknown = { system: undefined, engine: undefined, containers: undefined };
  if (!on || link === "cut") return { ...known, ...unknown };
  const answer = await onMachine(settings, machine, ["sh", "-c", QUESTION]);
  if (answer.exitCode === 255) return { ...known, ...unknown };
  const [system, engine, ...containers] = answer.stdout.trim().split("\n");
  return {
    ...known,
    system,
    engine: engine === "none" ? undefined : engine,
    containers: engine === "none" ? undefined : countContainers(containers),
  };
}

/** Counts lines of "name, state, status" as `docker ps` prints them, separated by tabs. */
export function countContainers(lines: readonly string[]): ContainerCounts {
  const rows = lines.filter((line) => line !== "").map((line) => line.split("\t"));
  const running = rows.filter(([, state]) => state === "running");
  const healthy = running.filter(([, , text]) => text?.includes("(healthy)"));
  const fine = running.filter(([, , text]) => !/\((unhealthy|health: starting)\)/.test(text ?? ""));
  return {
    total: rows.length,
    running: running.length,
    healthy: healthy.length,
    troubled: rows.filter((row) => !fine.includes(row)).map(([name]) => name ?? ""),
  };
}

/** The status as lines for a person. */
export function statusText(found: SandboxStatus): string {
  const machines = found.machines.map((machine) => {
    const { containers } = machine;
    const parts = [
      machine.machine.padEnd(10),
      machine.address.padEnd(14),
      machine.on ? (machine.system ?? "on, no answer") : "off",
      machine.link === "cut" ? "cable cut" : "",
      machine.engine === undefined ? "" : `engine ${machine.engine}`,
      containers === undefined
        ? ""
        : `${containers.total} containers, ${containers.running} running, ${containers.healthy} healthy`,
      containers === undefined || containers.troubled.length === 0
        ? ""
        : `not well: ${containers.troubled.join(", ")}`,
    ];
    return parts.filter((part) => part !== "").join("  ");
  });
  return [
    `sandbox in ${found.folder}${found.exists ? "" : ": not up"}`,
    ...machines,
    `registry    ${found.registry ? "answers" : "does not answer"}`,
    `supervisor  ${found.supervisor ? "at work" : "not running"}`,
  ].join("\n");
}
