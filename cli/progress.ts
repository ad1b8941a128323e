import { cpus } from "node:os";
import type { Reporter } from "../sandbox/reporter.ts";

/** How often it is said what is at work. */
const TICK_SECONDS = 10;

/** A long step that ends sooner had nothing to do. */
const FOUND_DONE_SECONDS = 3;

/** A step at work. */
interface Running {
  doing: string | undefined;
}

/**
 * Prints each step's name and duration when it has ended. While something is at work it says every
 * few seconds what, since when all of it goes on, and, where long steps are left, about how long
 * that will be on a computer with as many processors.
 */
export function printingReporter(write: (line: string) => void): Reporter {
  const running = new Map<string, Running>();
  let began = 0;
  let ended = 0;
  /** Processor seconds of the long steps, those that were found done left out. */
  let work = 0;
  let ticker: NodeJS.Timeout | undefined;
  const tick = (): void => {
    const left = work === 0 ? "" : remaining(work / cpus().length - secondsSince(began));
    write(`  … ${minutes(secondsSince(began))}, ${ended} done, now ${names(running)}${left}`);
  };
  return {
    step(name, seconds = 0) {
      const since = Date.now();
      if (running.size === 0) {
        if (began === 0) began = since;
        ticker = setInterval(tick, TICK_SECONDS * 1000);
      }
      running.set(name, { doing: undefined });
      work += seconds;
      return (outcome) => {
        running.delete(name);
        ended++;
        if (running.size === 0) clearInterval(ticker);
        const took = secondsSince(since);
        if (took < FOUND_DONE_SECONDS) work -= seconds;
        write(`  ${name}${outcome === undefined ? "" : `: ${outcome}`} (${took.toFixed(1)} s)`);
      };
    },
    detail(name, doing) {
      const step = running.get(name);
      if (step !== undefined) step.doing = doing;
    },
  };
}

function names(running: ReadonlyMap<string, Running>): string {
  return [...running]
    .map(([name, { doing }]) => (doing === undefined ? name : `${name} (${doing})`))
    .join(", ");
}

function remaining(seconds: number): string {
  return `; about ${Math.ceil(Math.max(60, seconds) / 60)} min left`;
}

function secondsSince(time: number): number {
  return (Date.now() - time) / 1000;
}

function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}
