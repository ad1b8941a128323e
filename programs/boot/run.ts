import type { PlannedGate } from "../../model/host-plan.ts";
import type { BootState } from "./boot-state.ts";
import type { Engine, EngineEvent } from "./engine.ts";
import type { Verdict } from "./gates.ts";
import {
  initialState,
  isDone,
  nextDeadline,
  step,
  type BootAction,
  type BootEvent,
} from "./scheduler.ts";
import type { StartPlan } from "./start-plan.ts";

/** What a run needs from the world. */
export interface Surroundings {
  readonly engine: Pick<Engine, "look" | "start" | "stop" | "watch">;
  /** Looks at a gate until it is open or the signal ends it. */
  readonly watchGate: (
    gate: PlannedGate,
    onVerdict: (verdict: Verdict) => void,
    signal: AbortSignal,
  ) => Promise<void>;
  /** Whether a process fails to see what is mounted at a path now. */
  readonly isBlindTo: (path: string, pid: number) => Promise<boolean>;
  /** Told about every step. */
  readonly observe: (before: BootState, after: BootState, seconds: number) => void;
}

/**
 * Brings everything in the plan up, in order, as soon as it can be.
 * @returns how it ended
 * @throws Error when the engine's event stream breaks off
 */
export async function bringUp(plan: StartPlan, around: Surroundings): Promise<BootState> {
  return new Run(plan, around).toTheEnd();
}

class Run {
  readonly #plan: StartPlan;
  readonly #around: Surroundings;
  readonly #begin = performance.now();
  readonly #over = new AbortController();
  /** First processes of the containers that ran when the run began. */
  readonly #processes = new Map<string, number>();
  #state: BootState;
  #timer: NodeJS.Timeout | undefined;
  #finish: (state: BootState) => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;

  constructor(plan: StartPlan, around: Surroundings) {
    this.#plan = plan;
    this.#around = around;
    this.#state = initialState(plan);
  }

  async toTheEnd(): Promise<BootState> {
    const end = new Promise<BootState>((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    // Listening before looking, so that nothing falls between the two.
    const early: EngineEvent[] = [];
    let takeEvent = (event: EngineEvent): void => void early.push(event);
    const stream = await this.#around.engine.watch((event) => takeEvent(event));
    try {
      void stream.ended.then(() =>
        this.#fail(
          new Error("the engine's event stream broke off; run it again when Docker is up"),
        ),
      );
      const looked = await Promise.all(
        [...this.#plan.services.keys()].map(async (service) => ({
          service,
          ...(await this.#around.engine.look(service)),
        })),
      );
      for (const [name, gate] of this.#plan.gates) this.#watch(name, gate);
      for (const { service, pid } of looked) if (pid > 0) this.#processes.set(service, pid);
      for (const found of looked) this.#take({ kind: "found", ...found });
      early.forEach((event) => this.#takeEngineEvent(event));
      takeEvent = (event) => this.#takeEngineEvent(event);
      if (isDone(this.#state)) this.#finish(this.#state);
      return await end;
    } finally {
      clearTimeout(this.#timer);
      this.#over.abort();
      stream.close();
    }
  }

  #seconds(): number {
    return (performance.now() - this.#begin) / 1000;
  }

  #watch(name: string, gate: PlannedGate): void {
    const onVerdict = (verdict: Verdict) => {
      this.#blindServices(name, gate, verdict)
        .then((blind) => this.#take({ kind: "gate", gate: name, ...verdict, blind }))
        .catch(this.#fail);
    };
    this.#around.watchGate(gate, onVerdict, this.#over.signal).catch(this.#fail);
  }

  /** The running services that wait for a mount and do not see it, once it is there. */
  async #blindServices(name: string, gate: PlannedGate, verdict: Verdict): Promise<string[]> {
    const { condition } = gate;
    if (!verdict.open || condition.kind !== "mount") return [];
    const asked = [...this.#processes].map(async ([service, pid]) => {
      const waits = this.#plan.services.get(service)?.waits.some(({ on }) => on === name) ?? false;
      return waits && (await this.#around.isBlindTo(condition.path, pid)) ? [service] : [];
    });
    return (await Promise.all(asked)).flat();
  }

  #takeEngineEvent({ container, kind, exitCode }: EngineEvent): void {
    if (kind === "died") this.#take({ kind, service: container, exitCode });
    else this.#take({ kind, service: container });
  }

  #take(event: BootEvent): void {
    if (this.#over.signal.aborted) return;
    const seconds = this.#seconds();
    const before = this.#state;
    const { state, actions } = step(before, event, seconds);
    this.#state = state;
    this.#around.observe(before, state, seconds);
    for (const action of actions) this.#act(action);
    if (isDone(state)) this.#finish(state);
    else this.#wakeAt(nextDeadline(state, seconds));
  }

  #act(action: BootAction): void {
    const { service } = action;
    this.#ask(action).then(
      (event) => event && this.#take(event),
      (error: Error) => this.#take({ kind: "refused", service, reason: error.message }),
    );
  }

  /** What the engine's answer says. That a container is up is said by its event stream, in order. */
  async #ask(action: BootAction): Promise<BootEvent | undefined> {
    const { engine } = this.#around;
    const { service } = action;
    if (action.kind === "stop") {
      await engine.stop(service, action.graceSeconds);
      return { kind: "stopped", service };
    }
    return (await engine.start(service)) === "ran already" ? { kind: "up", service } : undefined;
  }

  #wakeAt(seconds: number | undefined): void {
    clearTimeout(this.#timer);
    if (seconds === undefined) return;
    const ms = Math.max(0, Math.ceil((seconds - this.#seconds()) * 1000));
    this.#timer = setTimeout(() => this.#take({ kind: "clock" }), ms);
  }
}
