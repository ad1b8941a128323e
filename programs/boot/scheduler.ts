// Decides what to start and to stop. Pure: it is told what happened and when, and answers with what
// to do and when to ask again. It never waits, reads no clock and touches nothing.
import { failed, judged, waiting, whileBooting } from "./booting.ts";
import type { BootEvent, GateEvent, ServiceEvent } from "./boot-events.ts";
import {
  isFinal,
  isHopeless,
  isMet,
  starting,
  type BootState,
  type GateState,
  type Restarts,
  type ServiceState,
  type WaitingState,
} from "./boot-state.ts";
import { afterVerdict, runOut, toLookAtAgain } from "./gate-rules.ts";
import { openSoftWaits, startsUnderWay } from "./limits.ts";
import {
  afterBoot,
  blindOnes,
  logsOf,
  MOST_RESTARTS,
  recentRestarts,
  RESTART_WINDOW_SECONDS,
  whatReopens,
} from "./staying.ts";
import { STOP_MARGIN_SECONDS, type StartNode, type StartPlan } from "./start-plan.ts";

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
    const next = whileBooting(service, event, { node, seconds: this.#seconds });
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
    this.#turn(runOut(this.state(), this.#seconds));
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

  #takeGate(event: GateEvent): void {
    const gate = this.#gates.get(event.gate);
    if (!gate) return;
    if (this.#staying && event.open) this.#doomBlind(event.blind ?? []);
    const when = { staying: this.#staying, seconds: this.#seconds };
    const next = afterVerdict(gate, event, when);
    if (next) this.#gates.set(event.gate, next);
  }

  /** Who runs without a mount that came after it starts anew, and who cannot run without that one. */
  #doomBlind(blind: readonly string[]): void {
    for (const name of blindOnes(this.state(), blind)) {
      this.#services.set(name, { at: "doomed", checked: true });
    }
  }

  /** The next state by itself, or undefined when it has to wait. */
  #advance(node: StartNode, service: ServiceState): ServiceState | undefined {
    switch (service.at) {
      case "running":
        return judged(this.state(), service, { node, seconds: this.#seconds });
      case "doomed":
        return this.#mayStop(node) ? this.#stop(node, service.checked) : undefined;
      case "stopping":
        if (this.#seconds < service.until) return undefined;
        return failed("it did not stop in time", true);
      case "waiting":
        return this.#whileWaiting(node, service);
      case "starting":
        if (this.#seconds < service.until) return undefined;
        return failed(
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

  #lookAgainAtGatesOf(node: StartNode): void {
    this.#turn(toLookAtAgain(this.state(), node, this.#seconds));
  }

  #turn(gates: readonly [string, GateState][]): void {
    for (const [name, gate] of gates) this.#gates.set(name, gate);
  }

  /** One that ended by itself, as often as it may. */
  #startAgain(node: StartNode): ServiceState {
    const { total, recent: known } = this.#restarts.get(node.name) ?? { total: 0, recent: [] };
    const recent = recentRestarts(known, this.#seconds);
    if (recent.length >= MOST_RESTARTS) {
      const window = `${RESTART_WINDOW_SECONDS / 60} minutes`;
      return {
        ...failed(
          `it ended by itself ${recent.length + 1} times within ${window}, and is left alone${logsOf(node)}`,
        ),
        loops: true,
      };
    }
    this.#restarts.set(node.name, { total: total + 1, recent: [...recent, this.#seconds] });
    this.#lookAgainAtGatesOf(node);
    return waiting(true);
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
    if (startsUnderWay(this.#services.values(), this.#seconds) >= this.#plan.startsAtOnce)
      return waiting;
    this.actions.push({ kind: "start", service: node.name });
    const without = node.waits.filter((wait) => !isMet(state, wait)).map((wait) => wait.on);
    return starting({ node, seconds: this.#seconds }, { checked: service.checked, trace, without });
  }
}
