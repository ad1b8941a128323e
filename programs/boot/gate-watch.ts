import type { PlannedGate } from "../../model/host-plan.ts";
import type { BootEvent } from "./boot-events.ts";
import type { BootState } from "./boot-state.ts";
import type { Pace, Verdict } from "./gates.ts";
import type { Surroundings } from "./surroundings.ts";

/** The run that a watch belongs to. */
export interface WatchedRun {
  readonly state: () => BootState;
  /** Whether nothing may be done now. */
  readonly isPaused: () => boolean;
  readonly take: (event: BootEvent) => void;
  /** Ends the run with an error. */
  readonly fail: (error: Error) => void;
  /** Aborted when the run is over. */
  readonly over: AbortSignal;
}

/** Has a run's gates looked at, as often as its state says, and tells it what was seen. */
export class GateWatch {
  readonly #around: Pick<Surroundings, "engine" | "watchGate" | "isBlindTo">;
  readonly #run: WatchedRun;
  /** Gates that are being looked at. */
  readonly #watched = new Set<string>();

  constructor(around: Pick<Surroundings, "engine" | "watchGate" | "isBlindTo">, run: WatchedRun) {
    this.#around = around;
    this.#run = run;
  }

  /** Looks at every gate that is not open; in a boot not again at one whose limit ran out. */
  watch(): void {
    const { plan, gates, staying } = this.#run.state();
    for (const [name, gate] of plan.gates) {
      const at = gates.get(name)?.at;
      if (this.#watched.has(name) || at === "open" || at === "stale") continue;
      if (at === "closed" && !staying) continue;
      this.#watched.add(name);
      this.#watch(name, gate);
    }
  }

  /** Looks again at who sees what is mounted behind open gates, and at all that are not open. */
  lookAnew(): void {
    const { plan, gates } = this.#run.state();
    for (const [name, gate] of plan.gates) {
      if (gates.get(name)?.at !== "open") continue;
      this.#blindServices(name, gate, { open: true, seen: "" })
        .then((blind) => {
          if (blind.length === 0) return;
          this.#run.take({ kind: "gate", gate: name, open: true, seen: "", blind });
        })
        .catch(this.#run.fail);
    }
    this.watch();
  }

  #watch(name: string, gate: PlannedGate): void {
    const onVerdict = (verdict: Verdict) => {
      this.#blindServices(name, gate, verdict)
        .then((blind) => {
          if (verdict.open) this.#watched.delete(name);
          this.#run.take({ kind: "gate", gate: name, ...verdict, blind });
        })
        .catch(this.#run.fail);
    };
    const pace = (): Pace => {
      const { gates, staying } = this.#run.state();
      const at = gates.get(name)?.at;
      if (at === "stale" || this.#run.isPaused()) return "idle";
      return at === "closed" && staying ? "slow" : "quick";
    };
    this.#around.watchGate(gate, onVerdict, this.#run.over, pace).catch(this.#run.fail);
  }

  /** The running services that wait for a mount and do not see it, once it is there. */
  async #blindServices(name: string, gate: PlannedGate, verdict: Verdict): Promise<string[]> {
    const { condition } = gate;
    if (!verdict.open || condition.kind !== "mount") return [];
    const asked = [...this.#run.state().plan.services.values()].map(
      async ({ name: service, waits }) => {
        if (!waits.some(({ on }) => on === name)) return [];
        // An engine that goes away ends the stream, which is told elsewhere.
        const { pid } = await this.#around.engine.look(service).catch(() => ({ pid: 0 }));
        return pid > 0 && (await this.#around.isBlindTo(condition.path, pid)) ? [service] : [];
      },
    );
    return (await Promise.all(asked)).flat();
  }
}
