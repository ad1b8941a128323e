// What the engine says of a container that has ended, and whether it ended well.
import * as z from "zod";

/** A container after its stop. */
export interface Stopped {
  /** From the request until it was gone. */
  readonly seconds: number;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** How often the engine started it again. */
  readonly restarts: number;
}

const SCHEMA = z.object({
  RestartCount: z.number(),
  State: z.object({ ExitCode: z.number(), OOMKilled: z.boolean() }),
});

/** Reads one container of `docker inspect`. @throws ZodError when it is none */
export function inspected(text: string): Omit<Stopped, "seconds"> {
  const { RestartCount, State } = SCHEMA.parse(JSON.parse(text));
  return { exitCode: State.ExitCode, outOfMemory: State.OOMKilled, restarts: RestartCount };
}

const HEALTH = z.object({
  StartedAt: z.string(),
  Health: z.object({ Log: z.array(z.object({ End: z.string(), ExitCode: z.number() })) }),
});

/**
 * Seconds from a container's start to the end of its first check that went well, of those that the
 * engine remembers.
 * @param text its state, as `docker inspect` says it
 * @throws Error when no check went well
 */
export function secondsToHealthy(text: string): number {
  const { StartedAt, Health } = HEALTH.parse(JSON.parse(text));
  const first = Health.Log.find(({ ExitCode }) => ExitCode === 0);
  if (!first) throw new Error("no check of its went well");
  const seconds = (Date.parse(first.End) - Date.parse(StartedAt)) / 1000;
  return Math.round(seconds * 10) / 10;
}

/** Exit code of a process that was killed. */
const KILLED = 137;

/** What was wrong with the end of a container, in words that follow its name; nothing where all was well. */
export function faultOf(stopped: Stopped, limitSeconds: number): string | undefined {
  const { seconds, exitCode, outOfMemory, restarts } = stopped;
  if (outOfMemory) return "needed more memory than its limit, and was killed";
  if (restarts > 0) return `ended by itself and was started again ${restarts} times`;
  if (exitCode === KILLED || seconds >= limitSeconds)
    return `did not end within its ${limitSeconds} s and was killed (exit code ${exitCode})`;
  return undefined;
}
