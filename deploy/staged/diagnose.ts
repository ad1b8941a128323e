// What a person would look at after a failure, in one file on the host.
import { CONNECTION_LOST } from "../../hosts/remote-shell.ts";
import { reachedFrom } from "../../model/cause-chain.ts";
import { buildGraph, hostOf } from "../../model/graph.ts";
import { HostError } from "../../model/errors.ts";
import { quote } from "../../model/shell-text.ts";
import type { WhyAnswer } from "../why/answer.ts";
import { findWhy } from "../why/why.ts";
import { runThere, writeScript } from "./host-files.ts";
import { errorFacts } from "./journal.ts";
import type { RunContext } from "./run-context.ts";
import { stamp } from "./state.ts";
import type { Stage } from "./stage.ts";

/** Of so many failed services the reason is looked for; the others failed with them. */
const MOST_SERVICES = 5;

/** Last lines of a container's log. */
const LOG_LINES = 40;

/** Longest line that is kept. */
const LONGEST_LINE = 2000;

/**
 * Longest line that is fetched: longer than what is kept by more than any secret is long, however it
 * is written, so that none is cut in two before it is masked.
 */
const FETCHED_LINE = 20_000;

/** What was found. */
export interface Diagnosis {
  /** Where it is, on the host; undefined when it could not be written there. */
  readonly path: string | undefined;
  /** In one sentence, what is most probably the reason. */
  readonly cause: string | undefined;
}

/** What of a run is asked for. */
export type Diagnosed = Pick<
  RunContext,
  "host" | "fleet" | "declared" | "failed" | "shell" | "mask" | "places" | "journal" | "again"
> & {
  /** Whether what containers print is kept: where no secret of theirs is known, it is not. */
  readonly quotes: boolean;
};

/** What can be found out of the failure of a stage; not being able to hides no first error. */
export async function whatIsFound(run: Diagnosed, stage: Stage, error: string): Promise<Diagnosis> {
  const note = (message: string): void =>
    run.journal.note({ event: "note", stage: "diagnose", message });
  const unkept = (second: unknown): undefined => {
    note(`no diagnostics could be kept: ${errorFacts(second).message}`);
    return undefined;
  };
  try {
    const { text, cause } = await diagnose(run, stage, error);
    if (cause !== undefined) note(`most probable cause: ${cause}`);
    const path = await kept(run, text).catch(unkept);
    if (path !== undefined) note(`${path} has states${run.quotes ? " and logs" : ""}`);
    return { path, cause };
  } catch (second) {
    return { path: unkept(second), cause: undefined };
  }
}

/** Collects and masks what is known of the failure of a stage. */
async function diagnose(
  run: Diagnosed,
  stage: Stage,
  error: string,
): Promise<{ readonly text: string; readonly cause: string | undefined }> {
  const { host, fleet, failed, shell, mask } = run;
  const services = [...failed].filter(isDeclared(run)).slice(0, MOST_SERVICES);
  const answers = await Promise.all(services.map((name) => findWhy(`${host}/${name}`, fleet)));
  const cause = answers.map((answer) => causeIn(answer)).find((text) => text !== undefined);
  const asked = shell(factsScript(host, containersOf(run, services), run.quotes));
  const facts = await asked.then(
    ({ stdout, stderr }) => stdout + stderr,
    (away: unknown) => `the host gave no answer: ${errorFacts(away).message}\n`,
  );
  const text = shortLines(mask(diagnosisText({ stage, error, answers, cause, facts })));
  return { text, cause: cause === undefined ? undefined : mask(cause) };
}

/**
 * Keeps them on the host, and answers where. By themselves, and once: what the disk has no room for
 * must not keep log and state from it. To a host that is away they go with the log, when it is back.
 */
async function kept(run: Diagnosed, text: string): Promise<string> {
  const { host, shell, places, again, journal } = run;
  const path = `${places.logs}/diagnostics_${stamp(new Date())}.txt`;
  try {
    await runThere(host, shell, writeScript(new Map([[path, text]])), { again });
  } catch (error) {
    if (isAway(error)) journal.keep(path, text);
    throw error;
  }
  return path;
}

/** Whether the host gave no answer, or the connection broke before it did. */
function isAway(error: unknown): boolean {
  if (!(error instanceof HostError)) return false;
  return error.code !== "HL-DEPLOY-STATE" || error.exitCode === CONNECTION_LOST;
}

function shortLines(text: string): string {
  return text.replaceAll(/.+/g, (line) => line.slice(0, LONGEST_LINE));
}

/** Of one that only an earlier commit declares nothing is known. */
function isDeclared({ declared }: Diagnosed): (name: string) => boolean {
  return (name) => declared.declaration.services.some((one) => one.name === name);
}

/** The failed services, and what they cannot run without, on their host. */
function containersOf({ host, fleet }: Diagnosed, services: readonly string[]): string[] {
  const graph = buildGraph(fleet.map(({ declaration }) => declaration));
  const reached = services.flatMap((name) => [...reachedFrom(graph, `${host}/${name}`)]);
  const here = reached.filter((id) => hostOf(id) === host && !id.includes("/gate:"));
  return [...new Set(here)].map((id) => id.slice(host.length + 1));
}

/** The first cause, and who waits for it. */
function causeIn({ causes: [first], service }: WhyAnswer): string | undefined {
  if (!first) return undefined;
  const said = first.output === null ? "" : `: "${first.output}"`;
  const waiting = first.id === service.id ? "" : ` (${service.id} needs it)`;
  return `${first.id} ${first.detail}${said}${waiting}`;
}

/** Of a container's state, what its programs have not printed. */
const PLAIN_STATE =
  "{{.State.Status}}, exit code {{.State.ExitCode}}, out of memory: {{.State.OOMKilled}}, started {{.State.StartedAt}}";

/**
 * A script that prints how the engine, the disks and these containers are. It changes nothing.
 * @param quotes whether with what the containers print
 */
export function factsScript(host: string, containers: readonly string[], quotes: boolean): string {
  const each = containers.map(
    (name) => `title ${quote(`container ${name}`)}
${quotes ? stateAndLog(name) : plainState(host, name)}`,
  );
  return `title() { printf '\\n== %s\\n' "$1"; }
title engine
docker version --format '{{.Server.Version}}' 2>&1
docker ps --all --format 'table {{.Names}}\\t{{.Status}}' 2>&1
title disks
df -h / /var/lib/docker 2>&1
title memory
free -m 2>&1
uptime 2>&1
${each.join("")}`;
}

function stateAndLog(name: string): string {
  return `docker container inspect --format '{{json .State}}' ${quote(name)} 2>&1 | cut -c 1-${FETCHED_LINE}
echo '-- last lines of its log'
docker logs --tail ${LOG_LINES} ${quote(name)} 2>&1 | cut -c 1-${FETCHED_LINE}
`;
}

function plainState(host: string, name: string): string {
  return `docker container inspect --format '${PLAIN_STATE}' ${quote(name)} 2>&1
echo ${quote(`-- its log: ssh ${host} docker logs --tail ${LOG_LINES} ${name}`)}
`;
}

/** What stands in the file. */
export function diagnosisText(found: {
  readonly stage: Stage;
  readonly error: string;
  readonly answers: readonly WhyAnswer[];
  readonly cause: string | undefined;
  readonly facts: string;
}): string {
  const { stage, error, answers, cause, facts } = found;
  const sentences = answers.map(({ sentence, next, causes }) =>
    [
      sentence,
      ...causes.flatMap(({ id, remedy }) => (remedy === null ? [] : [`  ${id}: ${remedy}`])),
      ...(next === null ? [] : [`  -> ${next}`]),
    ].join("\n"),
  );
  return [
    `most probable cause: ${cause ?? "not among the services; see the error"}`,
    `\n== stage "${stage}" failed\n${error}`,
    ...(sentences.length === 0 ? [] : [`\n== services that failed\n${sentences.join("\n")}`]),
    facts,
    "",
  ].join("\n");
}
