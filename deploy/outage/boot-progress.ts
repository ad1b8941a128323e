// How far a boot is, by the record that the host's orchestrator keeps. Pure.
import type { BootRecord, RecordedService } from "../../model/boot-record.ts";
import { counted } from "../../model/counted.ts";
import type { PlannedService } from "../../model/host-plan.ts";
import { oneLine } from "../why/quote.ts";

/** A service and what it requires, as the host plan has it. */
type Planned = Pick<PlannedService, "name" | "requires">;

/** Whether a service is as it has to be. */
export function isUp(service: RecordedService | undefined): boolean {
  return service?.state === "healthy" || service?.state === "completed";
}

/** Who became up, and who was given up, since the look before. */
export function changesIn(
  before: BootRecord | undefined,
  now: BootRecord,
): { readonly up: string[]; readonly failed: string[] } {
  const since = (is: (service: RecordedService | undefined) => boolean): string[] =>
    Object.keys(now.services).filter(
      (name) => is(now.services[name]) && !is(before?.services[name]),
    );
  return { up: since(isUp), failed: since((service) => service?.state === "failed") };
}

/** In one line, how far a boot is: who is being started, and who waits for what. */
export function progressText(plan: readonly Planned[], record: BootRecord): string {
  const all = Object.entries(record.services);
  const up = all.filter(([, service]) => isUp(service)).length;
  const named = (...states: RecordedService["state"][]): string[] =>
    all.flatMap(([name, { state }]) => (states.includes(state) ? [name] : []));
  const waiting = named("waiting").map((name) => `${name}${forWhat(plan, record, name)}`);
  return [
    `${up} of ${counted(all.length, "service")} up`,
    part("starting", named("starting", "crashed")),
    part("stopping", named("stopping")),
    part("waiting", waiting),
    part("held back", named("held")),
    part("failed", named("failed")),
  ]
    .filter((text) => text !== "")
    .join("; ");
}

function part(word: string, names: readonly string[]): string {
  return names.length === 0 ? "" : `${word}: ${names.join(", ")}`;
}

/** What a service that waits still lacks of its own host, e.g. " (for mosquitto, gate:nas-media)". */
function forWhat(plan: readonly Planned[], record: BootRecord, name: string): string {
  const requires = plan.find((service) => service.name === name)?.requires ?? [];
  const lacking = requires.flatMap(({ on }) => {
    const gate = on.startsWith("gate:") ? record.gates[on] : undefined;
    if (gate) return gate.open ? [] : [on];
    return on in record.services && !isUp(record.services[on]) ? [on] : [];
  });
  return lacking.length === 0 ? "" : ` (for ${lacking.join(", ")})`;
}

/** In words, by service, why those are not up that a boot which is over did not bring up. */
export function notUp(record: BootRecord): Map<string, string> {
  return new Map(
    Object.entries(record.services).flatMap(([name, service]): [string, string][] =>
      isUp(service) ? [] : [[name, reasonOf(record, service)]],
    ),
  );
}

function reasonOf(record: BootRecord, { state, by, reason }: RecordedService): string {
  if (state === "held") {
    const seen = by === undefined ? undefined : record.gates[by]?.seen;
    const why = seen === undefined ? "" : ` (${oneLine(seen)})`;
    return `is held back by ${by ?? "what it needs"}${why}, and starts by itself when that is there`;
  }
  if (state === "failed") return `failed: ${oneLine(reason ?? "no reason is known")}`;
  if (state === "removed") return "has no container any more";
  if (state === "stopped") return "was stopped by somebody meanwhile";
  return `is ${state}`;
}
