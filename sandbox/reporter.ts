/** Receives the progress of long steps; the CLI prints it, a test may keep it. */
export interface Reporter {
  /** A step begins; answers a function to call when it has ended. */
  step(name: string): (outcome?: string) => void;
}

/** Says nothing. */
export const silent: Reporter = { step: () => () => undefined };

/** Runs one step of a longer task under its name. */
export async function step<T>(
  reporter: Reporter,
  name: string,
  work: () => Promise<T>,
  outcome?: (result: T) => string,
): Promise<T> {
  const done = reporter.step(name);
  try {
    const result = await work();
    done(outcome?.(result));
    return result;
  } catch (error) {
    done("failed");
    throw error;
  }
}
