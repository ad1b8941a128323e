// A boot as a timeline: each service by when it was started, what it waited for last in front.
import type { HostHistory } from "../../contract/page-api.ts";
import type { Condition, Tone } from "./tone.ts";
import { WORDS } from "../words.ts";

type Boot = NonNullable<HostHistory["boot"]>;
type Service = Boot["services"][number];

/** A service in a boot. Places are parts of the whole boot, 0 to 1. */
export interface Course extends Condition {
  readonly service: string;
  /** What it waited for, what came last first. */
  readonly waits: Service["waits"];
  readonly started: number | null;
  readonly settled: number;
  /** Where its start is; where it ends for one that was not started. */
  readonly startPlace: number;
  readonly endPlace: number;
}

const TONES: Readonly<Record<Service["outcome"], Tone>> = {
  healthy: "good",
  kept: "good",
  completed: "idle",
  failed: "bad",
  held: "bad",
  stopped: "idle",
};

/** All services of a boot, in the order in which they were started; those that were not come last. */
export function coursesOf({ services, seconds }: Boot): Course[] {
  const whole = Math.max(seconds, ...services.map(({ settled }) => settled), 0.1);
  const place = (at: number): number => Math.min(1, Math.max(0, at / whole));
  return services
    .map(({ service, outcome, waits, started, settled, why }): Course => {
      const word = WORDS.boot.outcome[outcome];
      return {
        service,
        waits: [...waits].sort((a, b) => (b.until ?? Infinity) - (a.until ?? Infinity)),
        started,
        settled,
        startPlace: place(started ?? settled),
        endPlace: place(settled),
        // How it was then; how it is now the services say.
        tone: TONES[outcome],
        word: why === null ? word : WORDS.boot.by(word, why),
      };
    })
    .sort(
      (a, b) =>
        (a.started ?? Infinity) - (b.started ?? Infinity) ||
        a.settled - b.settled ||
        a.service.localeCompare(b.service),
    );
}

/** Seconds as they are read: "0.4", "31". */
export function secondsText(seconds: number): string {
  return seconds < 10 ? seconds.toFixed(1) : String(Math.round(seconds));
}
