import type { Reporter } from "../sandbox/reporter.ts";

/** How often a step that is still at work says so. */
const TICK_SECONDS = 10;

/** Prints each step's name when it has ended, and meanwhile every few seconds, with its duration. */
export function printingReporter(write: (line: string) => void): Reporter {
  return {
    step(name) {
      const began = Date.now();
      const seconds = (): string => `${((Date.now() - began) / 1000).toFixed(1)} s`;
      const ticker = setInterval(() => write(`  … ${name}, ${seconds()}`), TICK_SECONDS * 1000);
      return (outcome) => {
        clearInterval(ticker);
        write(`  ${name}${outcome === undefined ? "" : `: ${outcome}`} (${seconds()})`);
      };
    },
  };
}
