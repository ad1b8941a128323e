// A boot as it is told once it is over: who waited for whom, and until when.
import type { ToldBoot } from "../../../control-plane/contract/host-history.ts";
import { asLine, thingName } from "../../../control-plane/contract/words.ts";
import { isFinal, type BootState, type GateState, type ServiceState } from "../boot-state.ts";

type Service = ToldBoot["services"][number];

/** What is kept of a service while the boot goes on. */
interface Course {
  readonly trace: Readonly<Record<string, number>>;
  readonly without: readonly string[];
  readonly started: number | null;
  readonly settled: number | null;
}

const NOTHING: Course = { trace: {}, without: [], started: null, settled: null };

/** Follows the states of a boot. A run that takes everything as it is has none. */
export class BootTimeline {
  #courses = new Map<string, Course>();
  #last: BootState | undefined;
  #seconds = 0;

  /**
   * Takes a state.
   * @param seconds since the run began
   * @param now milliseconds since 1970
   * @returns the boot, once: with the first state after it
   */
  note(state: BootState, seconds: number, now: number): ToldBoot | undefined {
    if (state.staying) {
      const last = this.#last;
      this.#last = undefined;
      return last && this.#told(last, now - seconds * 1000);
    }
    // The engine went away in the middle, and all begins again.
    if (this.#last === undefined || seconds < this.#seconds) this.#courses = new Map();
    this.#last = state;
    this.#seconds = seconds;
    for (const [name, service] of state.services) {
      this.#courses.set(name, courseAfter(this.#courses.get(name) ?? NOTHING, service, seconds));
    }
    return undefined;
  }

  #told(state: BootState, began: number): ToldBoot {
    return {
      began: new Date(began).toISOString(),
      seconds: rounded(this.#seconds),
      gates: [...state.gates].flatMap(([node, gate]) => {
        const name = node.replace(/^gate:/, "");
        return thingName.safeParse(name).success ? [{ gate: name, ...gateOf(gate) }] : [];
      }),
      services: [...state.services].flatMap(([name, service]) => {
        if (!thingName.safeParse(name).success) return [];
        return [serviceOf(name, service, this.#courses.get(name) ?? NOTHING, this.#seconds)];
      }),
    };
  }
}

function courseAfter(before: Course, service: ServiceState, seconds: number): Course {
  const settled = isFinal(service) ? (before.settled ?? seconds) : null;
  switch (service.at) {
    case "waiting":
      return { ...before, settled, trace: service.trace };
    case "starting": {
      const { trace, without, startedAt: started } = service;
      return { trace, without, started, settled };
    }
    default:
      return { ...before, settled };
  }
}

function serviceOf(name: string, state: ServiceState, course: Course, end: number): Service {
  const met = Object.entries(course.trace).map(([on, until]) => ({
    on: asLine(on),
    until: rounded(until),
  }));
  const without = course.without.map((on) => ({ on: asLine(on), until: null }));
  return {
    service: name,
    ...outcomeOf(state),
    waits: [...met, ...without],
    started: course.started === null ? null : rounded(course.started),
    settled: rounded(course.settled ?? end),
  };
}

function outcomeOf(state: ServiceState): Pick<Service, "outcome" | "why"> {
  switch (state.at) {
    case "healthy":
      return { outcome: state.kept ? "kept" : "healthy", why: null };
    case "completed":
      return { outcome: "completed", why: null };
    case "failed":
      return { outcome: "failed", why: asLine(state.reason) };
    case "held":
      return { outcome: "held", why: asLine(state.by) };
    default:
      return { outcome: "stopped", why: null };
  }
}

function gateOf(gate: GateState): Pick<ToldBoot["gates"][number], "opened" | "seen"> {
  switch (gate.at) {
    case "open":
      return { opened: rounded(gate.since), seen: null };
    case "unknown":
      return { opened: null, seen: null };
    case "shut":
    case "closed":
    case "stale":
      return { opened: null, seen: asLine(gate.seen) };
  }
}

function rounded(seconds: number): number {
  return Math.max(0, Math.round(seconds * 10) / 10);
}
