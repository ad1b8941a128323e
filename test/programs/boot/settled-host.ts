import type { BootEvent } from "../../../programs/boot/boot-events.ts";
import type { BootState } from "../../../programs/boot/boot-state.ts";
import { step } from "../../../programs/boot/scheduler.ts";
import type { StartPlan } from "../../../programs/boot/start-plan.ts";
import { inWords, playBoot, type Behaviour } from "./imitation.ts";

/** A host whose boot is over, with its events played by hand. */
export class Host {
  state: BootState;
  readonly did: string[] = [];
  seconds: number;

  constructor(
    plan: StartPlan,
    gates: Readonly<Record<string, number | undefined>> = {},
    behaviours: Readonly<Record<string, Behaviour>> = {},
  ) {
    const boot = playBoot(plan, behaviours, gates);
    this.state = boot.state;
    this.seconds = boot.seconds;
    this.take({ kind: "settled" });
  }

  take(event: BootEvent, after = 0.1): this {
    this.seconds += after;
    const { state, actions } = step(this.state, event, this.seconds);
    this.state = state;
    this.did.push(...actions.map(inWords));
    return this;
  }

  /** Time goes by, and limits with it. */
  wait(seconds: number): this {
    return this.take({ kind: "clock" }, seconds);
  }

  /** A container that the scheduler started comes up and is healthy. */
  comesUp(service: string): this {
    return this.take({ kind: "up", service }).take({ kind: "healthy", service });
  }

  at(service: string) {
    return this.state.services.get(service);
  }
}
