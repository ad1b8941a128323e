import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { HostError } from "../../model/errors.ts";
import { cancelLock, projectEnvironment } from "../../workspace/pulumi.ts";
import { runPulumi } from "../../workspace/pulumi-events.ts";
import type { DeployLock } from "./lock.ts";
import { isRunning } from "./owner.ts";
import type { RunContext } from "./run-context.ts";
import { progressIn, targetOptions } from "./services.ts";

/** Longest time of a whole deployment, images on a bad line included. */
const LIMIT_SECONDS = 6 * 3600;

/** The Pulumi of a run that was killed ends by itself, at the latest when its longest wait is over. */
const OUTLIVES_SECONDS = 900;

/**
 * Runs `pulumi up`, and follows each service. Once a person wants the run to end none is begun.
 * @throws HostError HL-PULUMI when it fails
 */
export async function rollOut(run: RunContext): Promise<void> {
  const options = run.facts.only === null ? [] : targetOptions(run.services);
  const missing = (await run.pulled?.())?.failed.size ?? 0;
  // Who needs an image that nobody has fails, and keeps nobody else from being deployed.
  if (missing > 0) options.push("--continue-on-error");
  if (run.interrupted.aborted) return;
  try {
    await up(run, options);
  } catch (error) {
    if (!(error instanceof HostError) || !(await isFreed(run, error.message))) throw error;
    if (run.interrupted.aborted) return;
    await up(run, options);
  }
}

/**
 * Runs `pulumi up` once.
 * @param options further ones of Pulumi, such as limit it; none for the whole host
 * @throws HostError HL-PULUMI when it fails
 */
export async function up(run: RunContext, options: readonly string[]): Promise<void> {
  const { host, project, journal, names } = run;
  const begin = performance.now();
  run.failed.clear();
  await runPulumi(
    projectEnvironment(project),
    ["up", "--yes", "--skip-preview", "--json", "--stack", host, ...options],
    {
      limitSeconds: LIMIT_SECONDS,
      interrupted: run.interrupted,
      onEvent: (event) => {
        const progress = progressIn(event, names);
        if (!progress) return;
        const { service, what, changed } = progress;
        const base = { stage: "deploy", service } as const;
        if (what === "began") journal.note({ event: "service-began", ...base });
        if (what === "failed") {
          run.failed.add(service);
          journal.note({ event: "service-failed", ...base });
        }
        if (what === "ready") {
          const seconds = (performance.now() - begin) / 1000;
          journal.note({ event: "service-ready", ...base, changed, seconds });
          journal.ready(service);
        }
      },
    },
  );
}

/** A lock of Pulumi's, as it names it itself. */
export interface PulumiLock {
  readonly host: string;
  readonly pid: number;
  /** Milliseconds since 1970, in whole seconds. */
  readonly since: number;
}

/** The locks that Pulumi names in its error; none when it failed for another reason. */
export function pulumiLocksIn(message: string): PulumiLock[] {
  if (!message.includes("the stack is currently locked")) return [];
  return [...message.matchAll(/created by \S*@(\S+) \(pid (\d+)\) at (\S+)/g)].map(
    ([, host = "", pid, time = ""]) => ({ host, pid: Number(pid), since: Date.parse(time) }),
  );
}

/** Whether these are locks of the run that is known to be gone: of its computer, and of its time. */
export function areOf(locks: readonly PulumiLock[], { owner, since }: DeployLock): boolean {
  const began = Math.floor(Date.parse(since) / 1000) * 1000;
  return locks.length > 0 && locks.every((lock) => lock.host === owner.host && lock.since >= began);
}

/** Takes away the lock that the Pulumi of a run that is gone left, once it is gone, too. */
async function isFreed(run: RunContext, message: string): Promise<boolean> {
  const { takenFrom, journal } = run;
  const locks = pulumiLocksIn(message);
  if (!takenFrom || takenFrom.owner.host !== hostname() || !areOf(locks, takenFrom)) return false;
  const note = (text: string): void =>
    journal.note({ event: "note", stage: "deploy", message: text });
  for (const { pid } of locks) {
    for (let second = 0; isRunning(pid, "pulumi"); second += 1) {
      if (second === 0) note(`waits for the Pulumi of the run that was killed (process ${pid})`);
      if (second >= OUTLIVES_SECONDS) return false;
      await sleep(1000);
    }
  }
  note("takes away the lock that Pulumi kept from the run that was killed");
  await cancelLock(run.project, run.host);
  return true;
}
