// How much work a program does, counted and not timed: the engine counts how often each part of
// each function ran, which is the same on every machine and however busy it is.
import { Session, type Profiler } from "node:inspector";

/** Counts what modules do that are loaded after it was made. */
export interface StepCounter {
  /** What `work` answers, and how often parts of functions of the checkout ran meanwhile. */
  readonly counted: <T>(work: () => T) => { readonly result: T; readonly steps: number };
  readonly close: () => void;
}

/**
 * Begins to count. What was loaded before is counted by the call and not by the part, so load what
 * is of interest afterwards, with `import()`.
 */
export function stepCounter(): StepCounter {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  // Taking the counts sets them to zero. A session with its own thread answers before it returns.
  const take = (): number => {
    let taken: readonly Profiler.ScriptCoverage[] = [];
    session.post("Profiler.takePreciseCoverage", (_, { result }) => (taken = result));
    return taken
      .filter(({ url }) => !url.includes("node_modules") && !url.startsWith("node:"))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .reduce((sum, { count }) => sum + count, 0);
  };
  return {
    counted: (work) => {
      take();
      const result = work();
      return { result, steps: take() };
    },
    close: () => {
      session.post("Profiler.stopPreciseCoverage");
      session.disconnect();
    },
  };
}
