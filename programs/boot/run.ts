import type { BootEvent } from "./boot-events.ts";
import { initialState, isDone, type BootState } from "./boot-state.ts";
import type { EngineEvent } from "./engine.ts";
import { GateWatch, type WatchedRun } from "./gate-watch.ts";
import { nextDeadline } from "./limits.ts";
import { MountWatch } from "./mount-watch.ts";
import { noted, step, type BootAction } from "./scheduler.ts";
import type { StartPlan } from "./start-plan.ts";
import { joined, underPlan } from "./staying.ts";
import type { StayingSurroundings, Surroundings } from "./surroundings.ts";

/** How often it is asked whether a pause is over. */
export const PAUSE_LOOK_MS = 15_000;

/**
 * Brings everything in the plan up, in order, as soon as it can be.
 * @returns how it ended
 * @throws Error when the engine's event stream breaks off
 */
export async function bringUp(plan: StartPlan, around: Surroundings): Promise<BootState> {
  const run = new Run(plan, around);
  try {
    const end = await run.boot();
    if (end) return end;
    throw new Error("the engine's event stream broke off; run it again when Docker is up");
  } finally {
    run.close();
  }
}

/**
 * Brings everything up, and stays: starts what was held back when its gate opens, and what ended by
 * itself.
 * @param pending given where the boot is over: everything is then taken as it is, see `joined`
 * @returns when the engine's event stream breaks off
 */
export async function stay(
  plan: StartPlan,
  around: StayingSurroundings,
  pending?: readonly string[],
): Promise<void> {
  const run = new Run(plan, around, around);
  try {
    const end = pending ? await run.join(pending) : await run.boot();
    if (!end) return;
    around.settled(end, run.seconds());
    await run.stay();
  } finally {
    run.close();
  }
}

class Run {
  readonly #around: Surroundings;
  readonly #staying: StayingSurroundings | undefined;
  readonly #begin = performance.now();
  readonly #over = new AbortController();
  readonly #gates: GateWatch;
  readonly #mounts: MountWatch | undefined;
  /** How often the engine said something about each container. */
  readonly #heard = new Map<string, number>();
  /** Ends when the stream does, and with the first error. */
  readonly #ended: Promise<undefined>;
  #state: BootState;
  #timer: NodeJS.Timeout | undefined;
  #pause: NodeJS.Timeout | undefined;
  #closeStream: () => void = () => undefined;
  #finish: (state: BootState) => void = () => undefined;
  #end: () => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;

  constructor(plan: StartPlan, around: Surroundings, staying?: StayingSurroundings) {
    this.#around = around;
    this.#staying = staying;
    this.#state = initialState(plan);
    this.#ended = new Promise((resolve, reject) => {
      this.#end = () => resolve(undefined);
      this.#fail = reject;
    });
    // Whoever waits for it hears of an error; nobody may be waiting yet.
    this.#ended.catch(() => undefined);
    const run: WatchedRun = {
      state: () => this.#state,
      isPaused: () => this.#isPaused(),
      take: (event) => this.#take(event),
      fail: this.#fail,
      over: this.#over.signal,
    };
    this.#gates = new GateWatch(around, run);
    this.#mounts = staying && new MountWatch(staying, run);
  }

  /** Seconds since the run began. */
  seconds(): number {
    return (performance.now() - this.#begin) / 1000;
  }

  /** Until everything ended in a final state, or undefined when the stream broke off before. */
  async boot(): Promise<BootState | undefined> {
    const done = new Promise<BootState>((resolve) => (this.#finish = resolve));
    await this.#begins();
    if (isDone(this.#state)) this.#finish(this.#state);
    return await Promise.race([done, this.#ended]);
  }

  /** Takes everything as it is, as if a boot were just over. */
  async join(pending: readonly string[]): Promise<BootState> {
    this.#state = joined(this.#state.plan, pending);
    await this.#begins();
    return this.#state;
  }

  /** Listens from now on, and looks at everything once. */
  async #begins(): Promise<void> {
    // Listening before looking, so that nothing falls between the two.
    const early: EngineEvent[] = [];
    let takeEvent = (event: EngineEvent): void => void early.push(event);
    const stream = await this.#around.engine.watch((event) => takeEvent(event));
    this.#closeStream = stream.close;
    void stream.ended.then(this.#end);
    const looked = await Promise.all(
      [...this.#state.services.keys()].map(async (service) => ({
        service,
        ...(await this.#around.engine.look(service)),
      })),
    );
    this.#gates.watch();
    for (const found of looked) this.#take({ kind: "found", ...found });
    early.forEach((event) => this.#takeEngineEvent(event));
    takeEvent = (event) => this.#takeEngineEvent(event);
  }

  /** From the end of the boot until the stream breaks off. */
  async stay(): Promise<void> {
    this.#take({ kind: "settled" });
    this.#staying?.watchPlan((plan) => this.#replan(plan), this.#over.signal);
    this.#lookAnew();
    await this.#ended;
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#pause);
    this.#over.abort();
    this.#closeStream();
  }

  #isPaused(): boolean {
    return this.#state.staying && (this.#staying?.isPaused() ?? false);
  }

  /** Looks at every container, and at who sees its mounts: something may not have been heard. */
  #lookAnew(): void {
    for (const service of this.#state.services.keys()) this.#lookAt(service);
    this.#gates.lookAnew();
    this.#mounts?.watch();
  }

  /** Looks at a container; what the engine said meanwhile is newer than what is seen. */
  #lookAt(service: string): void {
    const heard = this.#heard.get(service);
    this.#around.engine
      .look(service)
      .then((found) => {
        if (this.#heard.get(service) !== heard) return;
        this.#take({ kind: "found", service, ...found });
      })
      // An engine that goes away ends the stream, which is told elsewhere.
      .catch(() => undefined);
  }

  #replan(plan: StartPlan): void {
    const before = this.#state;
    this.#state = underPlan(before, plan, this.seconds());
    this.#around.observe(before, this.#state, this.seconds());
    this.#lookAnew();
  }

  #takeEngineEvent({ container, kind, exitCode }: EngineEvent): void {
    // Others come and go for ever, each under a name of its own.
    if (!this.#state.services.has(container)) return;
    this.#heard.set(container, (this.#heard.get(container) ?? 0) + 1);
    if (kind === "died") this.#take({ kind, service: container, exitCode });
    else this.#take({ kind, service: container });
    // It may be another container than before, checked in another way.
    if (kind === "up" && this.#state.staying) this.#lookAt(container);
  }

  #take(event: BootEvent): void {
    if (this.#over.signal.aborted) return;
    const seconds = this.seconds();
    const before = this.#state;
    if (this.#isPaused()) {
      this.#state = noted(before, event, seconds);
      this.#awaitEndOfPause();
      return;
    }
    const { state, actions } = step(before, event, seconds);
    this.#state = state;
    this.#around.observe(before, state, seconds);
    for (const action of actions) this.#act(action);
    if (state.staying) this.#gates.watch();
    else if (isDone(state)) return this.#finish(state);
    this.#wakeAt(nextDeadline(state, seconds));
  }

  #awaitEndOfPause(): void {
    this.#pause ??= setTimeout(() => {
      this.#pause = undefined;
      if (this.#isPaused()) return this.#awaitEndOfPause();
      this.#take({ kind: "clock" });
      this.#lookAnew();
    }, PAUSE_LOOK_MS);
  }

  #act(action: BootAction): void {
    if (action.kind === "renew") return this.#mounts?.renew(action.gate);
    const { service } = action;
    this.#ask(action).then(
      (event) => event && this.#take(event),
      (error: Error) => this.#take({ kind: "refused", service, reason: error.message }),
    );
  }

  /** What the engine's answer says. That a container is up is said by its event stream, in order. */
  async #ask(action: Exclude<BootAction, { kind: "renew" }>): Promise<BootEvent | undefined> {
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
    const ms = Math.max(0, Math.ceil((seconds - this.seconds()) * 1000));
    this.#timer = setTimeout(() => this.#take({ kind: "clock" }), ms);
  }
}
