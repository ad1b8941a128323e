// The host plan as it lies on the host.
import { watch } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UserError } from "../../model/errors.ts";
import { parsePlan, type HostPlan, type ReadPlan } from "../../model/host-plan.ts";
import { desiredPlan } from "../../model/paths.ts";

/** A plan is read this long after its folder changed: it is written and renamed. */
const SETTLE_MS = 1000;

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
 * Passes on each plan that is written after this one, as soon as it lies there; one that cannot be
 * read is left for the next boot to complain about. Costs nothing while nothing is written.
 */
export function watchPlan(
  known: HostPlan,
  onPlan: (plan: HostPlan) => void,
  signal: AbortSignal,
): void {
  let last = content(known);
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    readPlan(known.host).then(
      ({ plan }) => {
        if (signal.aborted || content(plan) === last) return;
        last = content(plan);
        onPlan(plan);
      },
      () => undefined,
    );
  };
  const watcher = watch(dirname(desiredPlan(known.host)), { signal }, () => {
    clearTimeout(timer);
    timer = setTimeout(look, SETTLE_MS);
  });
  watcher.on("error", () => undefined);
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

/** A plan but for its commit, which changes nothing. */
function content(plan: HostPlan): string {
  return JSON.stringify({ ...plan, commit: "" });
}
