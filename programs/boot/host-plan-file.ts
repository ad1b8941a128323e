// The host plan as it lies on the host.
import { watch } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UserError } from "../../model/errors.ts";
import { parsePlan, type HostPlan, type ReadPlan } from "../../model/host-plan.ts";
import { desiredPlan } from "../../model/paths.ts";

/** A plan is read this long after its folder changed: it is written and renamed. */
const SETTLE_MS = 1000;

/** Where the folder cannot be watched, it is looked at this often. */
const POLL_MS = 60_000;

/**
 * Reads the plan of a host, or the only one there is.
 * @throws UserError HL-PLAN when there is none, or not one
 */
export async function readPlan(host: string | undefined): Promise<ReadPlan> {
  const path = host === undefined ? await onlyPlan() : desiredPlan(host);
  const text = await readFile(path, "utf8").catch(() => {
    throw new UserError(
      "HL-PLAN",
      `there is no plan at ${path}; deploy the host: pulumi up -s <host>`,
    );
  });
  return parsePlan(text, path);
}

async function onlyPlan(): Promise<string> {
  const folder = dirname(desiredPlan("any"));
  const plans = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
  const [only] = plans;
  if (plans.length === 1 && only !== undefined) return join(folder, only);
  const names = plans.map((name) => basename(name, ".json")).join(", ") || "none";
  throw new UserError(
    "HL-PLAN",
    `${folder} should hold one plan; it holds ${names}. Name the host`,
  );
}

/**
 * Passes on each plan that was written after the known one, as soon as it lies there; one that
 * cannot be read, or followed, is left for the next boot to complain about. Costs nothing while
 * nothing is written.
 * @param made what is passed on of a plan
 */
export function watchPlan<T>(
  known: HostPlan,
  made: (plan: HostPlan) => T,
  onPlan: (plan: T) => void,
  signal: AbortSignal,
): void {
  let last = content(known);
  const read = async () => {
    const { plan } = await readPlan(known.host);
    return { plan, passed: made(plan) };
  };
  const look = (): void => {
    read().then(
      ({ plan, passed }) => {
        if (signal.aborted || content(plan) === last) return;
        last = content(plan);
        onPlan(passed);
      },
      () => undefined,
    );
  };
  whenFolderChanges(dirname(desiredPlan(known.host)), look, signal);
  // It may have been written while the host booted.
  look();
}

/** Calls back a moment after something in a folder changed, until the signal ends it. */
function whenFolderChanges(folder: string, changed: () => void, signal: AbortSignal): void {
  let timer: NodeJS.Timeout | undefined;
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  try {
    const watcher = watch(folder, { signal }, () => {
      clearTimeout(timer);
      timer = setTimeout(changed, SETTLE_MS);
    });
    watcher.on("error", () => undefined);
  } catch {
    // The kernel watches so many folders for all programs of root together, those in containers too.
    timer = setInterval(changed, POLL_MS);
  }
}

/** A plan but for its commit, which changes nothing. */
function content(plan: HostPlan): string {
  return JSON.stringify({ ...plan, commit: "" });
}
