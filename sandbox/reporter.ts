/** Receives the progress of long steps; the CLI prints it, a test may keep it. */
export interface Reporter {
  /**
   * A step begins; answers a function to call when it has ended.
   * @param seconds processor time it takes on a computer that has nothing cached. @default 0, short
   */
  step(name: string, seconds?: number): (outcome?: string) => void;
  /** What a step that is at work does now, in a word or two. @default said to nobody */
  readonly detail?: (name: string, doing: string) => void;
}

/** Says nothing. */
export const silent: Reporter = { step: () => () => undefined };

/**
 * Processor seconds of the long steps where nothing is cached, measured on two cores; from them
 * comes the time that is said to remain.
 */
const COLD_SECONDS: Readonly<Record<string, number>> = {
  "engine programs": 390,
  "mesh and service programs": 730,
  "pulumi programs": 620,
  "machine root": 72,
  "base layer of the images": 110,
  "stand-in program": 25,
  "push images": 20,
};

/** Runs one step of a longer task under its name. */
export async function step<T>(
  reporter: Reporter,
  name: string,
  work: () => Promise<T>,
  outcome?: (result: T) => string,
): Promise<T> {
  const done = reporter.step(name, COLD_SECONDS[name]);
  try {
    const result = await work();
    done(outcome?.(result));
    return result;
  } catch (error) {
    done("failed");
    throw error;
  }
}
