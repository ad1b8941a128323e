import type { PlannedGate } from "../../model/host-plan.ts";
import type { WatchedRun } from "./gate-watch.ts";
import { isInUse } from "./stale-mounts.ts";
import type { StayingSurroundings } from "./surroundings.ts";

/** Has the mounts looked at that services run above, and tells the run what was seen. */
export class MountWatch {
  readonly #around: Pick<StayingSurroundings, "watchMount" | "renewMount">;
  readonly #run: WatchedRun;
  /** Gates and paths that are watched already. */
  readonly #watched = new Set<string>();

  constructor(around: Pick<StayingSurroundings, "watchMount" | "renewMount">, run: WatchedRun) {
    this.#around = around;
    this.#run = run;
  }

  /** Watches every mount of the plan that is not watched yet. */
  watch(): void {
    for (const [name, gate] of this.#run.state().plan.gates) {
      const path = pathOf(gate);
      if (path === undefined || this.#watched.has(`${name} ${path}`)) continue;
      this.#watched.add(`${name} ${path}`);
      this.#watch(name, path);
    }
  }

  #watch(name: string, path: string): void {
    const isToLook = () => {
      const state = this.#run.state();
      const isOpen = state.gates.get(name)?.at === "open";
      if (!isOpen || pathOf(state.plan.gates.get(name)) !== path) return false;
      return isInUse(state, name) && !this.#run.isPaused();
    };
    this.#around
      .watchMount(
        path,
        {
          isToLook,
          onLook: ({ saw, seen }) => this.#run.take({ kind: "sight", gate: name, saw, seen }),
        },
        this.#run.over,
      )
      .catch(this.#run.fail);
  }

  /** Mounts anew what is mounted behind a gate. */
  renew(name: string): void {
    const path = pathOf(this.#run.state().plan.gates.get(name));
    if (path === undefined) return;
    this.#around
      .renewMount(path, this.#run.over)
      .then(() => this.#run.take({ kind: "renewed", gate: name }))
      .catch(this.#run.fail);
  }
}

function pathOf(gate: PlannedGate | undefined): string | undefined {
  return gate?.condition.kind === "mount" ? gate.condition.path : undefined;
}
