import { setTimeout as sleep } from "node:timers/promises";
import { HostError } from "../../model/errors.ts";
import { nameOf } from "../../hosts/engine/inspect.ts";
import { lookAtHost, type AwayHost, type DeclaredHost } from "../drift/look-at-host.ts";
import type { HostLook } from "../drift/look.ts";
import { serviceFinding } from "../why/container-finding.ts";
import { runOwnChecks, type OwnCheck } from "./own-checks.ts";
import type { FurtherLook, RunContext } from "./run-context.ts";

/** So many looks in a row have to find every service well, and the same containers. */
const SAMPLES = 3;
const PAUSE_MS = 2000;

/** What is not stable by then is not. A gate has waited for each service before. */
const LIMIT_MS = 180_000;

/** What one look says of the services. */
export interface Sample {
  /** In words, by service, what is not well. */
  readonly troubles: ReadonlyMap<string, string>;
  /** By service: which container, and how often the engine started it anew. */
  readonly marks: ReadonlyMap<string, string>;
  /** No further look will find it otherwise. @default one may */
  readonly isFinal?: boolean;
}

/** What of a run is looked at. */
export type Verified = Pick<
  RunContext,
  | "host"
  | "declared"
  | "services"
  | "failed"
  | "journal"
  | "shell"
  | "places"
  | "mask"
  | "interrupted"
  | "furtherLook"
>;

/**
 * Looks until each service is healthy and stays the same in several looks, and then until each check
 * that a person keeps on the host passes as often, and what else was asked for finds nothing.
 * @throws HostError HL-DEPLOY-UNHEALTHY that names who is not
 */
export async function verify(run: Verified): Promise<void> {
  const { declared, journal } = run;
  const names = run.services.map(({ name }) => name);
  await untilStable(run, async () => sampleOf(declared, names, await lookAtHost(declared)));
  const message = `${names.length} services healthy in ${SAMPLES} looks, and the same containers`;
  journal.note({ event: "note", stage: "verify", message });
  const { furtherLook } = run;
  if (furtherLook) {
    await untilStable(run, () => furtherSample(names, () => furtherLook(run.host)));
  }
  const checks = () => runOwnChecks(run, names);
  const services = (await checks()).map(({ service }) => service).join(", ");
  if (services === "") return;
  await untilStable(run, async () => checksSample(await checks()));
  const passed = `healthcheck.sh passed ${SAMPLES} times in a row for ${services}`;
  journal.note({ event: "note", stage: "verify", message: passed });
}

/** What a further look says; one that the host does not answer is trouble with each service. */
export async function furtherSample(
  names: readonly string[],
  look: () => ReturnType<FurtherLook>,
): Promise<Sample> {
  try {
    return { ...(await look()), marks: new Map() };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const { message } = error;
    return { troubles: new Map(names.map((name) => [name, message])), marks: new Map() };
  }
}

/** What the checks of a person say. */
function checksSample(checks: readonly OwnCheck[]): Sample {
  const troubles = checks.flatMap(({ service, trouble }): [string, string][] =>
    trouble === undefined ? [] : [[service, trouble]],
  );
  const isFinal = checks.some(({ isUnsafe }) => isUnsafe);
  return { troubles: new Map(troubles), marks: new Map(), isFinal };
}

/**
 * Looks again and again, until all is well and stays the same, or a person wants it to end.
 * @throws HostError HL-DEPLOY-UNHEALTHY that names who is not well
 */
export async function untilStable(
  { host, failed, interrupted }: Pick<RunContext, "host" | "failed" | "interrupted">,
  look: () => Promise<Sample>,
): Promise<void> {
  const until = Date.now() + LIMIT_MS;
  const samples: Sample[] = [];
  while (!interrupted.aborted) {
    const sample = await look();
    samples.push(sample);
    if (isStable(samples)) return;
    if (sample.isFinal || Date.now() > until) throw unhealthy(host, samples, failed);
    await sleep(PAUSE_MS);
  }
}

/** Reads a look. A host that is away is trouble with each service. */
export function sampleOf(
  { declaration }: DeclaredHost,
  names: readonly string[],
  look: HostLook | AwayHost,
): Sample {
  const services = declaration.services.filter(({ name }) => names.includes(name));
  if ("away" in look) {
    return { troubles: new Map(services.map(({ name }) => [name, look.found])), marks: new Map() };
  }
  const findings = services.map((service) => ({
    name: service.name,
    ...serviceFinding(declaration, service, look),
  }));
  const troubles = findings.filter(({ state }) => state !== "ready");
  return {
    troubles: new Map(
      troubles.map(({ name, detail, output }) => [
        name,
        output === null ? detail : `${detail}: "${output}"`,
      ]),
    ),
    marks: new Map(
      look.containers
        .filter((one) => names.includes(nameOf(one)))
        .map(({ State, ...one }) => [
          nameOf(one),
          `${one.Id} ${one.RestartCount ?? 0} ${State.StartedAt ?? ""}`,
        ]),
    ),
  };
}

/** Whether the last looks found nobody in trouble, and nothing started anew between them. */
export function isStable(samples: readonly Sample[], count = SAMPLES): boolean {
  const last = samples.slice(-count);
  const [first] = last;
  if (first === undefined || last.length < count) return false;
  return last.every(
    ({ troubles, marks }) =>
      troubles.size === 0 && [...first.marks].every(([name, mark]) => marks.get(name) === mark),
  );
}

function unhealthy(host: string, samples: readonly Sample[], failed: Set<string>): HostError {
  const troubles = samples.at(-1)?.troubles ?? new Map<string, string>();
  for (const name of troubles.keys()) failed.add(name);
  const list = [...troubles].map(([name, text]) => `${name} ${text}`);
  const text = list.length === 0 ? "a container starts anew again and again" : list.join("\n");
  return new HostError("HL-DEPLOY-UNHEALTHY", host, `not every service stays healthy:\n${text}`);
}
