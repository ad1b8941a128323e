// Keeps /opt/homelab/state/boot.json.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseBootRecord, type BootRecord, type RecordedService } from "../../model/boot-record.ts";
import type { BootState, GateState, MountMemory, ServiceState } from "./boot-state.ts";
import { textOf } from "./text-of.ts";

/** Writes the record of a boot, whenever something in it changed, as far as it can be written. */
export class BootRecorder {
  readonly #path: string;
  readonly #now: () => Date;
  readonly #complain: (reason: string) => void;
  #record: BootRecord;
  #complained = false;

  /**
   * @param path of the record
   * @param complain told once why it cannot be written
   * @param now the time of day
   */
  constructor(
    path: string,
    host: string,
    complain: (reason: string) => void,
    now: () => Date = () => new Date(),
  ) {
    this.#path = path;
    this.#complain = complain;
    this.#now = now;
    this.#record = { version: 1, host, began: now().toISOString(), gates: {}, services: {} };
  }

  /** Takes over what a step changed. */
  observe(state: BootState): void {
    this.#keep(nextRecord(this.#record, state, this.#now().toISOString()));
  }

  /** Notes how the boot ended. */
  settled(state: BootState): void {
    const named = (at: ServiceState["at"]) =>
      [...state.services].filter(([, service]) => service.at === at).map(([name]) => name);
    const ended = {
      at: this.#now().toISOString(),
      healthy: named("healthy").length + named("completed").length,
      failed: named("failed"),
      held: named("held"),
    };
    this.#keep({ ...this.#record, ended });
  }

  #keep(record: BootRecord): void {
    if (record === this.#record) return;
    this.#record = record;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      // Whole or not at all, for whoever reads it now, and after a power cut.
      writeFileSync(`${this.#path}.new`, `${JSON.stringify(record, undefined, 1)}\n`);
      renameSync(`${this.#path}.new`, this.#path);
      this.#complained = false;
    } catch (error) {
      // A full disk keeps no host from starting.
      if (!this.#complained) this.#complain(error instanceof Error ? error.message : String(error));
      this.#complained = true;
    }
  }
}

/** States of a service that was still to be started, or started again. */
const PENDING: readonly RecordedService["state"][] = [
  "waiting",
  "starting",
  "held",
  "crashed",
  "stopping",
];

/** The services that the run before this one had still to start, by the record it left. */
export function pendingIn(path: string): string[] {
  // There may have been none that kept a record.
  const record = parseBootRecord(textOf(path) ?? "");
  const services = Object.entries(record?.services ?? {});
  return services.flatMap(([name, { state }]) => (PENDING.includes(state) ? [name] : []));
}

/** The record after a step; the same one when nothing in it changed. */
export function nextRecord(before: BootRecord, state: BootState, now: string): BootRecord {
  const services = [...state.services].map(([name, service]) => {
    const restarts = state.restarts.get(name)?.total ?? 0;
    return [name, lasting(before.services[name], { ...standing(service), restarts }, now)] as const;
  });
  const gates = [...state.gates].map(([name, gate]) => {
    const facts = gateStanding(gate, state.mounts.get(name));
    return [name, lasting(before.gates[name], facts, now)] as const;
  });
  const same =
    services.length === Object.keys(before.services).length &&
    gates.length === Object.keys(before.gates).length &&
    services.every(([name, service]) => service === before.services[name]) &&
    gates.every(([name, gate]) => gate === before.gates[name]);
  if (same) return before;
  return { ...before, services: Object.fromEntries(services), gates: Object.fromEntries(gates) };
}

/** What was there, where nothing changed; `since` is new only with the state itself. */
function lasting<T extends { readonly since: string }>(
  before: T | undefined,
  facts: Omit<T, "since">,
  now: string,
): T {
  const state = (of: object): unknown => ("state" in of ? of.state : "open" in of && of.open);
  const since = before && state(before) === state(facts) ? before.since : now;
  const next = { ...facts, since } as T;
  return before && canonicalOf(before) === canonicalOf(next) ? before : next;
}

function canonicalOf(value: object): string {
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function standing(service: ServiceState): Omit<RecordedService, "since" | "restarts"> {
  switch (service.at) {
    case "unseen":
    case "running":
    case "waiting":
      return { state: "waiting" };
    case "doomed":
    case "stopping":
      return { state: "stopping" };
    case "stopped":
      return { state: service.removed ? "removed" : "stopped" };
    case "held":
      return { state: "held", by: service.by };
    case "failed":
      return { state: "failed", reason: service.reason };
    case "starting":
    case "healthy":
    case "completed":
    case "crashed":
      return { state: service.at };
  }
}

function gateStanding(gate: GateState, mount?: MountMemory): { open: boolean; seen?: string } {
  const seen = mount?.seen === undefined ? {} : { seen: mount.seen };
  switch (gate.at) {
    case "open":
      return { open: true, ...seen };
    case "unknown":
      return { open: false, seen: "not looked at yet" };
    case "shut":
    case "closed":
      return { open: false, seen: gate.seen, ...(mount?.leftAlone ? seen : {}) };
    case "stale":
      return { open: false, seen: `stale, and mounted anew: ${gate.seen}` };
  }
}
