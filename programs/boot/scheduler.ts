// Decides what to start and to stop. Pure: it is told what happened and when, and answers with what
// to do and when to ask again. It never waits, reads no clock and touches nothing.
import type { BootEvent, ServiceEvent } from "./boot-events.ts";
import {
  healthy,
  isFinal,
  isHopeless,
  isMet,
  starting,
  type BootState,
  type GateState,
  type Restarts,
  type ServiceState,
  type StartingState,
  type WaitingState,
} from "./boot-state.ts";
import {
  afterBoot,
  blindOnes,
  logsOf,
  MOST_RESTARTS,
  recentRestarts,
  RESTART_WINDOW_SECONDS,
  whatReopens,
} from "./staying.ts";
import {
  START_HANGS_SECONDS,
  STOP_MARGIN_SECONDS,
  type StartNode,
  type StartPlan,
} from "./start-plan.ts";

/** A container that ends this often while it starts is in a crash loop. */
export const CRASH_LOOP = 3;

/** Something to do now. */
export type BootAction =
  | { readonly kind: "start"; readonly service: string }
  | { readonly kind: "stop"; readonly service: string; readonly graceSeconds: number };

/** What follows from an event. */
export interface Step {
  readonly state: BootState;
  readonly actions: readonly BootAction[];
}

/** The state before anything is known. */
export function initialState(plan: StartPlan): BootState {
  return {
    plan,
    services: new Map([...plan.services.keys()].map((name) => [name, { at: "unseen" } as const])),
    gates: new Map([...plan.gates.keys()].map((name) => [name, { at: "unknown" } as const])),
    staying: false,
    asked: new Set(),
    restarts: new Map(),
  };
}

/**
 * The state after an event, and what to do.
 * @param seconds time of the event since the run began; never less than that of the one before
 */
export function step(before: BootState, event: BootEvent, seconds: number): Step {
  const draft = new Draft(before, seconds);
  draft.take(event);
  draft.settle();
  return { state: draft.state(), actions: draft.actions };
}

/** The state with nothing noted of an event but whether somebody asked for it; nobody acts on it. */
export function noted(before: BootState, event: BootEvent, seconds: number): BootState {
  const draft = new Draft(before, seconds);
  draft.note(event);
  return draft.state();
}

/** Whether every service ended in its one final state. */
export function isDone(state: BootState): boolean {
  return [...state.services.values()].every(isFinal);
}

/**
 * When the next limit runs out, in seconds since the run began; undefined when none runs.
 * @param seconds time of the last step; what ran out by then has had its effect
 */
export function nextDeadline(state: BootState, seconds: number): number | undefined {
  const limits = [...state.services].flatMap(([name, service]): number[] => {
    if (service.at === "stopping" || service.at === "crashed") return [service.until];
    if (service.at === "starting") return [service.startedAt + START_HANGS_SECONDS, service.until];
    if (service.at !== "waiting" || service.hardMetAt === undefined) return [];
    // It starts when the last of them is over.
    const longest = Math.max(...openSoftWaits(state, name).map((wait) => wait.limitSeconds));
    return longest > 0 ? [service.hardMetAt + longest] : [];
  });
  for (const [name, gate] of state.gates) {
    const limit = state.plan.gates.get(name)?.limitSeconds;
    if (limit === undefined || (gate.at !== "unknown" && gate.at !== "shut")) continue;
    limits.push((gate.from ?? 0) + limit);
  }
  const coming = limits.filter((limit) => limit > seconds);
  return coming.length === 0 ? undefined : Math.min(...coming);
}

function openSoftWaits(state: BootState, name: string) {
  const waits = state.plan.services.get(name)?.waits ?? [];
  return waits.filter((wait) => !wait.hard && !isMet(state, wait) && !isHopeless(state, wait));
}

/** Whether the engine has been told to start it, has not said that it runs, and does not hang. */
function isStartUnderWay(service: ServiceState, seconds: number): boolean {
  if (service.at !== "starting" || service.up || service.crashes > 0) return false;
  return seconds < service.startedAt + START_HANGS_SECONDS;
}

/** One step in the making. */
class Draft {
  readonly actions: BootAction[] = [];
  readonly #plan: StartPlan;
  readonly #seconds: number;
  readonly #services: Map<string, ServiceState>;
  readonly #gates: Map<string, GateState>;
  readonly #asked: Set<string>;
  readonly #restarts: Map<string, Restarts>;
  #staying: boolean;

  constructor(before: BootState, seconds: number) {
    this.#plan = before.plan;
    this.#seconds = seconds;
    this.#services = new Map(before.services);
    this.#gates = new Map(before.gates);
    this.#asked = new Set(before.asked);
    this.#restarts = new Map(before.restarts);
    this.#staying = before.staying;
  }

  state(): BootState {
    return {
      plan: this.#plan,
      services: this.#services,
      gates: this.#gates,
      staying: this.#staying,
      asked: this.#asked,
      restarts: this.#restarts,
    };
  }

  /** Records the event itself. */
  take(event: BootEvent): void {
    if (event.kind === "clock") return;
    if (event.kind === "settled") return void (this.#staying = true);
    if (event.kind === "gate") return this.#takeGate(event);
    const service = this.#services.get(event.service);
    const node = this.#plan.services.get(event.service);
    if (!service || !node) return;
    this.#noteAsked(service, event);
    if (this.#staying) {
      const facts = { node, asked: this.#asked.has(node.name), seconds: this.#seconds };
      const followed = afterBoot(service, event, facts);
      if (followed) return void this.#services.set(event.service, followed);
    }
    if (isFinal(service)) return;
    const next = this.#afterEvent(node, service, event);
    if (next) this.#services.set(event.service, next);
  }

  /** Records of an event only what it says about who wanted it. */
  note(event: BootEvent): void {
    const service = "service" in event ? this.#services.get(event.service) : undefined;
    if (service && "service" in event) this.#noteAsked(service, event);
  }

  /** Our own stops do not count, nor what the engine says late about an earlier life. */
  #noteAsked(service: ServiceState, event: ServiceEvent): void {
    if (event.kind === "up") this.#asked.delete(event.service);
    if (event.kind !== "asked") return;
    const { at } = service;
    if (at === "doomed" || at === "stopping" || at === "waiting" || at === "held") return;
    if (at === "starting" && !service.up) return;
    this.#asked.add(event.service);
  }

  /** Moves on everything that can move, until nothing can. */
  settle(): void {
    this.#closeGates();
    for (let moved = true; moved;) {
      moved = false;
      for (const node of this.#plan.services.values()) {
        const service = this.#services.get(node.name);
        const next = service && this.#advance(node, service);
        if (!next) continue;
        this.#services.set(node.name, next);
        moved = true;
      }
    }
  }

  #takeGate(event: Extract<BootEvent, { kind: "gate" }>): void {
    const gate = this.#gates.get(event.gate);
    if (!gate) return;
    const blind = event.blind ?? [];
    if (this.#staying && event.open) this.#doomBlind(blind);
    if (gate.at === "open" || (gate.at === "closed" && !(this.#staying && event.open))) return;
    const from = gate.at !== "closed" && gate.from !== undefined ? { from: gate.from } : {};
    this.#gates.set(
      event.gate,
      event.open
        ? { at: "open", since: this.#seconds, blind }
        : { at: "shut", seen: event.seen, ...from },
    );
  }

  /** Who runs without a mount that came after it starts anew, and who cannot run without that one. */
  #doomBlind(blind: readonly string[]): void {
    for (const name of blindOnes(this.state(), blind)) {
      this.#services.set(name, { at: "doomed", checked: true });
    }
  }

  #closeGates(): void {
    for (const [name, gate] of this.#gates) {
      if (gate.at !== "unknown" && gate.at !== "shut") continue;
      const limit = this.#plan.gates.get(name)?.limitSeconds ?? 0;
      if (this.#seconds < (gate.from ?? 0) + limit) continue;
      const seen = gate.at === "shut" ? gate.seen : "it did not answer";
      this.#gates.set(name, { at: "closed", seen });
    }
  }

  #afterEvent(
    node: StartNode,
    service: ServiceState,
    event: ServiceEvent,
  ): ServiceState | undefined {
    if (event.kind === "removed" && service.at !== "unseen")
      return this.#failed("its container was removed");
    switch (service.at) {
      case "unseen":
        return event.kind === "found" ? this.#afterFound(event) : undefined;
      case "running":
      case "doomed":
        if (event.kind === "died") return this.#waiting(service.checked);
        if (service.at === "running" && event.kind === "healthy")
          return { ...service, as: "healthy" };
        if (service.at === "running" && event.kind === "unhealthy")
          return { ...service, as: "unhealthy" };
        return undefined;
      case "stopping":
        if (event.kind === "stopped") return this.#waiting(service.checked);
        if (event.kind === "refused")
          return this.#failed(`could not be stopped: ${event.reason}`, true);
        return undefined;
      case "waiting":
        // Somebody else started it: it may run on only if its time has come.
        if (event.kind !== "up") return undefined;
        return this.#running(service.checked ? "starting" : "healthy", service.checked);
      case "starting":
        return this.#whileStarting(node, service, event);
      case "healthy":
      case "completed":
      case "failed":
      case "held":
      case "crashed":
      case "stopped":
        return undefined;
    }
  }

  #afterFound(event: Extract<BootEvent, { kind: "found" }>): ServiceState {
    if (event.as === "missing") return this.#failed("it has no container; deploy the host");
    if (event.as === "stopped") return this.#waiting(event.checked);
    return this.#running(event.checked ? event.as : "healthy", event.checked);
  }

  #whileStarting(
    node: StartNode,
    service: StartingState,
    event: ServiceEvent,
  ): ServiceState | undefined {
    const works = { ...service, up: true, works: true };
    // Until the engine said that it is up, whatever it says is about an earlier life.
    if (!service.up && ["healthy", "unhealthy", "died"].includes(event.kind)) return undefined;
    switch (event.kind) {
      case "up":
        if (service.up) return undefined;
        if (service.checked) return { ...service, up: true };
        return node.endsByItself ? works : healthy({ seconds: this.#seconds });
      case "healthy":
        return node.endsByItself ? works : healthy({ seconds: this.#seconds });
      case "unhealthy":
        return this.#failed(`it is unhealthy${logsOf(node)}`, true);
      case "refused":
        return this.#failed(`the engine could not start it: ${event.reason}`);
      case "died": {
        if (event.exitCode === 0) {
          if (!node.endsByItself)
            return { ...this.#failed(`it ended by itself${logsOf(node)}`), ended: true };
          return { at: "completed", since: this.#seconds };
        }
        const crashes = service.crashes + 1;
        if (crashes < CRASH_LOOP) return { ...service, up: false, works: false, crashes };
        const reason = `it keeps crashing, last with exit code ${event.exitCode}${logsOf(node)}`;
        return { ...this.#failed(reason), loops: true };
      }
      case "asked":
      case "found":
      case "stopped":
      case "removed":
        return undefined;
    }
  }

  /** The next state by itself, or undefined when it has to wait. */
  #advance(node: StartNode, service: ServiceState): ServiceState | undefined {
    switch (service.at) {
      case "running":
        return this.#judge(node, service);
      case "doomed":
        return this.#mayStop(node) ? this.#stop(node, service.checked) : undefined;
      case "stopping":
        if (this.#seconds < service.until) return undefined;
        return this.#failed("it did not stop in time", true);
      case "waiting":
        return this.#whileWaiting(node, service);
      case "starting":
        if (this.#seconds < service.until) return undefined;
        return this.#failed(
          `it was not healthy within ${node.deadlineSeconds} s${logsOf(node)}`,
          service.up,
        );
      case "crashed":
        return this.#seconds < service.until ? undefined : this.#startAgain(node);
      case "failed":
      case "held":
        return this.#staying ? this.#reopen(node, service) : undefined;
      case "unseen":
      case "healthy":
      case "completed":
      case "stopped":
        return undefined;
    }
  }

  /** What was held back waits again once nothing is in its way. */
  #reopen(node: StartNode, service: ServiceState): ServiceState | undefined {
    const facts = { node, asked: this.#asked.has(node.name), seconds: this.#seconds };
    const next = whatReopens(this.state(), service, facts);
    if (next?.at === "waiting") this.#lookAgainAtGatesOf(node);
    return next;
  }

  /** Gates that were open once may have closed since: only what was seen just now counts. */
  #lookAgainAtGatesOf(node: StartNode): void {
    for (const { on } of node.waits) {
      const gate = this.#gates.get(on);
      if (gate?.at !== "open" || gate.since === this.#seconds) continue;
      this.#gates.set(on, { at: "unknown", from: this.#seconds });
    }
  }

  /** One that ended by itself, as often as it may. */
  #startAgain(node: StartNode): ServiceState {
    const { total, recent: known } = this.#restarts.get(node.name) ?? { total: 0, recent: [] };
    const recent = recentRestarts(known, this.#seconds);
    if (recent.length >= MOST_RESTARTS) {
      const window = `${RESTART_WINDOW_SECONDS / 60} minutes`;
      return {
        ...this.#failed(
          `it ended by itself ${recent.length + 1} times within ${window}, and is left alone${logsOf(node)}`,
        ),
        loops: true,
      };
    }
    this.#restarts.set(node.name, { total: total + 1, recent: [...recent, this.#seconds] });
    this.#lookAgainAtGatesOf(node);
    return this.#waiting(true);
  }

  /** Whether a container that was found running may go on: only if it could be started now. */
  #judge(
    node: StartNode,
    service: Extract<ServiceState, { at: "running" }>,
  ): ServiceState | undefined {
    const doomed = { at: "doomed", checked: service.checked } as const;
    if (service.as === "unhealthy") return doomed;
    const hard = node.waits.filter((wait) => wait.hard && !isMet(this.state(), wait));
    if (hard.some((wait) => !this.#undecided(wait.on))) return doomed;
    if (hard.length > 0) return undefined;
    const mounts = node.waits.flatMap(({ on }) => {
      const gate = this.#gates.get(on);
      return gate && this.#plan.gates.get(on)?.condition.kind === "mount" ? [gate] : [];
    });
    if (mounts.some((gate) => gate.at === "open" && gate.blind.includes(node.name))) return doomed;
    // It runs without the mount; should that still come, it has to start anew to see it.
    if (mounts.some((gate) => gate.at === "unknown" || gate.at === "shut")) return undefined;
    if (service.as === "healthy" && !node.endsByItself)
      return { at: "healthy", since: this.#seconds, kept: true };
    return starting(
      { node, seconds: this.#seconds },
      { checked: service.checked, up: true, works: service.as === "healthy" },
    );
  }

  #undecided(on: string): boolean {
    const target = this.#services.get(on)?.at ?? this.#gates.get(on)?.at;
    return target === "unseen" || target === "running" || target === "unknown";
  }

  /** Stops come in reverse order: first whatever could not run without it. */
  #mayStop(node: StartNode): boolean {
    return [...this.#plan.services.values()].every((other) => {
      if (!other.waits.some((wait) => wait.hard && wait.on === node.name)) return true;
      const at = this.#services.get(other.name)?.at;
      return at !== "unseen" && at !== "running" && at !== "doomed" && at !== "stopping";
    });
  }

  #stop(node: StartNode, checked: boolean): ServiceState {
    this.actions.push({ kind: "stop", service: node.name, graceSeconds: node.stopGraceSeconds });
    const until = this.#seconds + node.stopGraceSeconds + STOP_MARGIN_SECONDS;
    return { at: "stopping", checked, until };
  }

  #whileWaiting(node: StartNode, service: WaitingState): ServiceState | undefined {
    const state = this.state();
    const hopeless = node.waits.find((wait) => wait.hard && isHopeless(state, wait));
    if (hopeless) return { at: "held", by: hopeless.on };
    const trace = { ...service.trace };
    for (const wait of node.waits) {
      if (isMet(state, wait) && trace[wait.on] === undefined) trace[wait.on] = this.#seconds;
    }
    const changed = Object.keys(trace).length !== Object.keys(service.trace).length;
    const waiting = changed ? { ...service, trace } : undefined;
    if (node.waits.some((wait) => wait.hard && !isMet(state, wait))) {
      // One that was there and is lost again: the soft limits count from when it is back.
      const { hardMetAt: lost, ...still } = { ...service, trace };
      return lost === undefined ? waiting : still;
    }
    const hardMetAt = service.hardMetAt ?? this.#seconds;
    const open = openSoftWaits(state, node.name);
    if (open.some((wait) => this.#seconds < hardMetAt + wait.limitSeconds)) {
      return service.hardMetAt === undefined ? { ...service, trace, hardMetAt } : waiting;
    }
    if (this.#startsUnderWay() >= this.#plan.startsAtOnce) return waiting;
    this.actions.push({ kind: "start", service: node.name });
    const without = node.waits.filter((wait) => !isMet(state, wait)).map((wait) => wait.on);
    return starting({ node, seconds: this.#seconds }, { checked: service.checked, trace, without });
  }

  /** How many containers the engine is starting just now, as far as it answers. */
  #startsUnderWay(): number {
    return [...this.#services.values()].filter((service) => isStartUnderWay(service, this.#seconds))
      .length;
  }

  #running(as: "starting" | "healthy" | "unhealthy", checked: boolean): ServiceState {
    return { at: "running", as, checked };
  }

  #waiting(checked: boolean): WaitingState {
    return { at: "waiting", checked, trace: {} };
  }

  #failed(reason: string, runs = false): Extract<ServiceState, { at: "failed" }> {
    return { at: "failed", reason, runs };
  }
}
