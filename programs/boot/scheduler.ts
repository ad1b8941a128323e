// Decides what to start and to stop. Pure: it is told what happened and when, and answers with what
// to do and when to ask again. It never waits, reads no clock and touches nothing.
import { judged, whileBooting } from "./booting.ts";
import type { BootEvent, GateEvent, ServiceEvent, SightEvent } from "./boot-events.ts";
import {
  failed,
  isFinal,
  waiting,
  type BootState,
  type GateState,
  type MountMemory,
  type Restarts,
  type ServiceState,
  type WaitingState,
} from "./boot-state.ts";
import { startsUnderWay } from "./limits.ts";
import { afterRenewal, afterVerdict, runOut, toLookAtAgain } from "./gate-rules.ts";
import { afterSight, toRenew, whoRunsAbove } from "./stale-mounts.ts";
import {
  afterBoot,
  blindOnes,
  leftAlone,
  logsOf,
  MOST_RESTARTS,
  recentTimes,
  RESTART_WINDOW_SECONDS,
  whatReopens,
  type Facts,
} from "./staying.ts";
import { STOP_MARGIN_SECONDS, type StartNode, type StartPlan } from "./start-plan.ts";
import { whileWaiting } from "./waiting.ts";

/** Something to do now. */
export type BootAction =
  | { readonly kind: "start"; readonly service: string }
  | { readonly kind: "stop"; readonly service: string; readonly graceSeconds: number }
  /** Mount anew what is mounted behind a gate. */
  | { readonly kind: "renew"; readonly gate: string };

/** What follows from an event. */
export interface Step {
  readonly state: BootState;
  readonly actions: readonly BootAction[];
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

/** The state with nothing noted of an event but what cannot be seen later; nobody acts on it. */
export function noted(before: BootState, event: BootEvent, seconds: number): BootState {
  const draft = new Draft(before, seconds);
  draft.note(event);
  return draft.state();
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
  readonly #mounts: Map<string, MountMemory>;
  #staying: boolean;
  /** Counted once for all who ask between two changes: at boot many wait for a free place. */
  #startsUnderWay: number | undefined;

  constructor(before: BootState, seconds: number) {
    this.#plan = before.plan;
    this.#seconds = seconds;
    this.#services = new Map(before.services);
    this.#gates = new Map(before.gates);
    this.#asked = new Set(before.asked);
    this.#restarts = new Map(before.restarts);
    this.#mounts = new Map(before.mounts);
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
      mounts: this.#mounts,
    };
  }

  /** Records the event itself. */
  take(event: BootEvent): void {
    if (event.kind === "clock") return;
    if (event.kind === "settled") return void (this.#staying = true);
    if (event.kind === "gate") return this.#takeGate(event);
    if (event.kind === "sight") return this.#takeSight(event);
    if (event.kind === "renewed") return this.#takeRenewal(event.gate);
    const service = this.#services.get(event.service);
    const node = this.#plan.services.get(event.service);
    if (!service || !node) return;
    this.#noteAsked(service, event);
    if (this.#staying) {
      const followed = afterBoot(service, event, this.#factsOf(node));
      if (followed) return this.#put(event.service, followed);
    }
    if (isFinal(service)) return;
    const next = whileBooting(service, event, { node, seconds: this.#seconds });
    if (next) this.#put(event.service, next);
  }

  #put(service: string, state: ServiceState): void {
    this.#services.set(service, state);
    this.#startsUnderWay = undefined;
  }

  #factsOf(node: StartNode): Facts {
    const { name } = node;
    const recent = this.#recentRestarts(name).length;
    return { node, asked: this.#asked.has(name), recent, seconds: this.#seconds };
  }

  #recentRestarts(name: string): readonly number[] {
    const known = this.#restarts.get(name)?.recent ?? [];
    return recentTimes(known, this.#seconds, RESTART_WINDOW_SECONDS);
  }

  /** Records of an event only who wanted it, and that a mount was renewed. */
  note(event: BootEvent): void {
    if (event.kind === "renewed") this.#takeRenewal(event.gate);
    const service = "service" in event ? this.#services.get(event.service) : undefined;
    if (service && "service" in event) this.#noteAsked(service, event);
  }

  /** Our own stops do not count, nor what the engine says late about an earlier life. */
  #noteAsked(service: ServiceState, event: ServiceEvent): void {
    if (event.kind === "up") this.#asked.delete(event.service);
    if (event.kind !== "asked") return;
    const { at } = service;
    if (at === "stopping" || at === "waiting" || at === "held") return;
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
        this.#put(node.name, next);
        moved = true;
      }
    }
    this.#renewMounts();
  }

  #takeGate(event: GateEvent): void {
    const gate = this.#gates.get(event.gate);
    if (!gate || gate.at === "stale") return;
    if (this.#staying && event.open) this.#doom(blindOnes(this.state(), event.blind ?? []));
    const when = { staying: this.#staying, seconds: this.#seconds };
    const next = afterVerdict(gate, event, when);
    if (next) this.#gates.set(event.gate, next);
    const saw = event.open ? "well" : event.saw;
    if (saw) this.#takeSight({ kind: "sight", gate: event.gate, saw, seen: event.seen });
  }

  /** A mount that is stale has nobody above it any more when it is renewed. */
  #takeSight({ gate: name, saw, seen }: SightEvent): void {
    const gate = this.#gates.get(name);
    if (!this.#staying || !gate || gate.at === "stale") return;
    const known = this.#mounts.get(name) ?? { renewals: [] };
    const { memory, renew } = afterSight(known, { saw, seen, seconds: this.#seconds });
    this.#mounts.set(name, memory);
    if (!renew) return;
    const was = gate.at === "closed" ? "closed" : "another";
    this.#gates.set(name, { at: "stale", seen, was, underWay: false });
    this.#doom(whoRunsAbove(this.state(), name));
  }

  #takeRenewal(name: string): void {
    const gate = this.#gates.get(name);
    if (gate?.at === "stale") this.#gates.set(name, afterRenewal(gate, this.#seconds));
  }

  #renewMounts(): void {
    for (const gate of toRenew(this.state())) {
      const stale = this.#gates.get(gate);
      if (stale?.at !== "stale") continue;
      this.#gates.set(gate, { ...stale, underWay: true });
      this.actions.push({ kind: "renew", gate });
    }
  }

  /** They start anew once they have stopped, as everybody starts. */
  #doom(names: readonly string[]): void {
    for (const name of names) this.#put(name, { at: "doomed", checked: true });
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
    const next = whatReopens(this.state(), service, this.#factsOf(node));
    if (!next && service.at === "failed" && this.#seconds >= (service.retryAt ?? Infinity))
      return this.#startAgain(node);
    if (next?.at === "waiting") this.#lookAgainAtGatesOf(node);
    return next;
  }

  #lookAgainAtGatesOf(node: StartNode): void {
    this.#turn(toLookAtAgain(this.state(), node, this.#seconds));
  }

  #turn(gates: readonly [string, GateState][]): void {
    for (const [name, gate] of gates) this.#gates.set(name, gate);
  }

  /** One that ended by itself, or that the engine refused, as often as it may. */
  #startAgain(node: StartNode): ServiceState {
    const recent = this.#recentRestarts(node.name);
    if (recent.length >= MOST_RESTARTS) {
      const often = leftAlone(`ended by itself ${recent.length + 1} times`);
      return { ...failed(`${often}${logsOf(node)}`), loops: true };
    }
    const { total = 0 } = this.#restarts.get(node.name) ?? {};
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
    const seconds = this.#seconds;
    const next = whileWaiting(this.state(), service, {
      ...{ node, seconds },
      startsUnderWay: () =>
        (this.#startsUnderWay ??= startsUnderWay(this.#services.values(), seconds)),
    });
    if (next?.at === "starting") this.actions.push({ kind: "start", service: node.name });
    return next;
  }
}
