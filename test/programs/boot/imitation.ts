import type { BootEvent, Found } from "../../../programs/boot/boot-events.ts";
import {
  initialState,
  isDone,
  isFinal,
  type BootState,
} from "../../../programs/boot/boot-state.ts";
import { nextDeadline } from "../../../programs/boot/limits.ts";
import { step, type BootAction } from "../../../programs/boot/scheduler.ts";
import { startPlan, type StartPlan } from "../../../programs/boot/start-plan.ts";
import { hostPlanSchema, type HostPlan } from "../../../model/host-plan.ts";

/** A service of a plan for tests; what is not named is ordinary. */
export interface TestService {
  readonly name: string;
  readonly requires?: HostPlan["services"][number]["requires"];
  readonly deadlineSeconds?: number;
  readonly stopGraceSeconds?: number;
}

/** A hard wait for a healthy service or an open gate. */
export function hard(on: string, condition: "started" | "healthy" | "completed" = "healthy") {
  return { on, condition, strength: "hard", limitSeconds: 30 } as const;
}

/** A soft wait. */
export function soft(on: string, limitSeconds: number) {
  return { on, condition: "healthy", strength: "soft", limitSeconds } as const;
}

/**
 * A host plan with these services, and gates: one whose name begins with "nas-" looks at a mount, the
 * others whether a device is there.
 */
export function hostPlanOf(
  services: readonly TestService[],
  gates: Readonly<Record<string, number>> = {},
): HostPlan {
  return hostPlanSchema.parse({
    version: 1,
    host: "docker-vm",
    commit: "none",
    digest: "none",
    gates: Object.entries(gates).map(([name, limitSeconds]) => ({
      name,
      limitSeconds,
      remedy: `mend ${name}`,
      condition: name.startsWith("nas-")
        ? { kind: "mount", path: `/mnt/${name}`, source: `nas:/${name}`, writable: false }
        : { kind: "device", path: `/dev/${name}` },
    })),
    services: services.map(({ name, requires, deadlineSeconds, stopGraceSeconds }) => ({
      name,
      stack: "test",
      phase: 4,
      image: "docker.io/library/test:1@sha256:0",
      spec: "none",
      health: { test: ["CMD", "true"], deadlineSeconds: deadlineSeconds ?? 60 },
      stopGraceSeconds: stopGraceSeconds ?? 10,
      critical: false,
      requires: requires ?? [],
    })),
  });
}

/** The start plan of the same. */
export function planOf(...args: Parameters<typeof hostPlanOf>): StartPlan {
  return startPlan(hostPlanOf(...args));
}

/** How a container behaves in an imitated boot. Times are seconds after its start. */
export interface Behaviour {
  readonly found: Found;
  readonly onStart:
    | { readonly kind: "healthy" | "unhealthy" | "ends"; readonly after: number }
    | { readonly kind: "crashes" | "refused" | "silent" };
  /** Whether it stops when it is told to. */
  readonly stops: boolean;
}

/** A container without trouble. */
export const WELL: Behaviour = {
  found: "stopped",
  onStart: { kind: "healthy", after: 2 },
  stops: true,
};

/** An action in words, e.g. "start sonarr". */
export function inWords(action: BootAction): string {
  return `${action.kind} ${action.kind === "renew" ? action.gate : action.service}`;
}

/** Something that happened in an imitated boot, in order; `before` is the state its step began with. */
export type Entry = { readonly seconds: number; readonly state: BootState } & (
  { readonly did: BootAction; readonly before: BootState } | { readonly final: string }
);

/** How an imitated boot went. */
export interface Boot {
  readonly entries: readonly Entry[];
  readonly state: BootState;
  readonly seconds: number;
  readonly steps: number;
}

/** No boot of a test needs as many steps; one that does goes round in circles. */
const MOST_STEPS = 20_000;

/**
 * Plays a boot with imitated containers and gates against the scheduler, on an imitated clock.
 * @param gateOpens by gate: the second it opens; undefined for never
 * @param blind services that do not see what is mounted when a gate opens
 */
export function playBoot(
  plan: StartPlan,
  behaviours: Readonly<Record<string, Behaviour>>,
  gateOpens: Readonly<Record<string, number | undefined>>,
  blind: readonly string[] = [],
): Boot {
  const queue: { seconds: number; event: BootEvent }[] = [];
  const entries: Entry[] = [];
  let state = initialState(plan);
  let seconds = 0;
  const later = (delay: number, event: BootEvent) =>
    queue.push({ seconds: seconds + delay, event });

  for (const service of plan.services.keys()) {
    const { found, onStart } = behaviours[service] ?? WELL;
    later(0, { kind: "found", service, as: found, checked: true });
    const soon = found === "starting" && onStart.kind === "healthy" ? onStart.after : undefined;
    if (soon !== undefined) later(soon, { kind: "healthy", service });
  }
  for (const gate of plan.gates.keys()) {
    const opens = gateOpens[gate];
    if (opens !== 0) later(0.1, { kind: "gate", gate, open: false, seen: "closed" });
    if (opens !== undefined) later(opens, { kind: "gate", gate, open: true, seen: "", blind });
  }

  const act = (action: BootAction) => {
    if (action.kind === "renew") return later(1, { kind: "renewed", gate: action.gate });
    const { service } = action;
    const { onStart, stops } = behaviours[service] ?? WELL;
    if (action.kind === "stop") {
      if (stops) later(1, { kind: "stopped", service });
      return;
    }
    if (onStart.kind === "refused") return later(0.1, { kind: "refused", service, reason: "no" });
    later(0.1, { kind: "up", service });
    if (onStart.kind === "healthy" || onStart.kind === "unhealthy") {
      later(0.1 + onStart.after, { kind: onStart.kind, service });
    }
    if (onStart.kind === "ends") later(0.1 + onStart.after, { kind: "died", service, exitCode: 0 });
    if (onStart.kind === "crashes") {
      for (let crash = 1; crash <= 5; crash += 1) {
        later(crash, { kind: "died", service, exitCode: 1 });
        later(crash + 0.5, { kind: "up", service });
      }
    }
  };

  let steps = 0;
  for (; !isDone(state); steps += 1) {
    if (steps > MOST_STEPS) throw new Error("the boot does not end");
    queue.sort((a, b) => a.seconds - b.seconds);
    const deadline = nextDeadline(state, seconds);
    const next = queue[0];
    if (!next && deadline === undefined) throw new Error("nothing will ever happen again");
    const onTime = next !== undefined && (deadline === undefined || next.seconds <= deadline);
    if (onTime) queue.shift();
    seconds = Math.max(seconds, onTime ? next.seconds : (deadline ?? seconds));
    const before = state;
    const result = step(state, onTime ? next.event : { kind: "clock" }, seconds);
    state = result.state;
    for (const [name, service] of state.services) {
      const was = before.services.get(name);
      if (isFinal(service) && was !== service) entries.push({ seconds, state, final: name });
    }
    for (const did of result.actions) {
      entries.push({ seconds, state, did, before });
      act(did);
    }
  }
  return { entries, state, seconds, steps };
}

/** When a service was started, in seconds since the boot began. */
export function startOf(boot: Boot, service: string): number | undefined {
  return boot.entries.find((e) => "did" in e && e.did.kind === "start" && e.did.service === service)
    ?.seconds;
}
