import { BOOT_PERMIT, BOOT_UNIT } from "../../model/boot.ts";
import { counted } from "../../model/counted.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import { engineTime } from "../../model/engine-container.ts";
import { nameOf, type InspectedContainer } from "../../hosts/engine/inspect.ts";
import { isReplaced } from "../../hosts/engine/replaced.ts";
import type { HostLook } from "../drift/look.ts";
import type { Finding } from "./answer.ts";
import { bootNote } from "./boot-note.ts";
import { oneLine, quoted, secretsIn } from "./quote.ts";
import { isoTime, spanText } from "../times.ts";

/** What is not said of every finding. */
type Facts = Omit<Finding, "id" | "remedy">;

/** Exit codes of a program that a signal ended: who stops a container sends the one, then the other. */
const SIGNALLED: Readonly<Record<number, string>> = { 137: " (killed)", 143: " (asked to stop)" };

/** How a service is, by what its host's engine says. */
export function serviceFinding(
  host: HostDeclaration,
  service: ServiceDeclaration,
  look: HostLook,
): Finding {
  const id = `${host.host}/${service.name}`;
  const container = look.containers.find((one) => nameOf(one) === service.name);
  return { id, remedy: null, ...factsOf(host, service, look, container) };
}

function factsOf(
  { host, ...rest }: HostDeclaration,
  service: ServiceDeclaration,
  look: HostLook,
  container: InspectedContainer | undefined,
): Facts {
  const { name } = service;
  if (!container) {
    return { state: "missing", detail: "has no container", ...NOTHING, command: up(host) };
  }
  if (isReplaced(container, look.observation.gated[name])) {
    const detail = `was made anew by somebody: ${container.Id.slice(0, 12)} is not the container deployed here`;
    const command = `npx homelab adopt ${host} ${name}`;
    return { state: "replaced", detail, ...NOTHING, command };
  }
  const secrets = secretsIn(container, { host, ...rest }, service, look);
  const { Status } = container.State;
  if (Status === "running") return runningFacts(host, name, container, look.clock, secrets);
  const facts = stoppedFacts(host, service, container, look.clock, secrets);
  const note = bootNote(look.boot, name);
  return note === undefined ? facts : { ...facts, detail: `${facts.detail}; ${note}` };
}

const NOTHING = { since: null, exitCode: null, output: null } as const;

function up(host: string): string {
  return `pulumi up -s ${host}`;
}

function logs(host: string, name: string): string {
  return `ssh ${host} docker logs --tail 50 ${name}`;
}

function runningFacts(
  host: string,
  name: string,
  { State: { StartedAt, Health } }: InspectedContainer,
  clock: number | undefined,
  secrets: readonly string[],
): Facts {
  const started = engineTime(StartedAt);
  const since = isoTime(started);
  const runs = `running${forSpan(started, clock)}`;
  if (!Health) {
    const detail = `has no health check (${runs})`;
    return { state: "unhealthy", detail, ...NOTHING, since, command: up(host) };
  }
  const log = Health.Log ?? [];
  if (Health.Status === "healthy") {
    const detail = `is healthy${forSpan(passingSince(log), clock, "at least ")}, ${runs}`;
    return { state: "ready", detail, ...NOTHING, since, command: null };
  }
  const said = log.at(-1)?.Output ?? "";
  const output = said.trim() === "" ? null : quoted(said, secrets);
  if (Health.Status === "starting") {
    const command = `npx homelab why ${host}/${name}`;
    const detail = `has not passed its health check yet (${runs})`;
    return { state: "starting", detail, since, exitCode: null, output, command };
  }
  const failed = times(Health.FailingStreak ?? log.length);
  const detail = `fails its health check (${failed}, ${runs})`;
  return { state: "unhealthy", detail, since, exitCode: null, output, command: logs(host, name) };
}

/** Since when every check that the engine still knows has passed; it keeps five. */
function passingSince(
  log: readonly { Start?: string | null | undefined; ExitCode?: number | null | undefined }[],
): number | undefined {
  const failed = log.findLastIndex(({ ExitCode }) => ExitCode !== 0);
  return engineTime(log[failed + 1]?.Start);
}

function stoppedFacts(
  host: string,
  { name, limits }: ServiceDeclaration,
  { State, RestartCount }: InspectedContainer,
  clock: number | undefined,
  secrets: readonly string[],
): Facts {
  const code = State.ExitCode ?? 0;
  const ended = engineTime(State.FinishedAt);
  const when = ended === undefined || clock === undefined ? "" : `, ${spanText(clock - ended)} ago`;
  const error = State.Error ?? "";
  const facts = {
    state: "stopped",
    since: isoTime(ended),
    exitCode: code,
    output: error === "" ? null : quoted(error, secrets),
  } as const;
  const exited = `exited with ${code}${SIGNALLED[code] ?? ""}`;
  if (State.OOMKilled) {
    const detail = `ran out of memory (its limit is ${limits.memory})${when}`;
    return { ...facts, detail, command: logs(host, name) };
  }
  if (State.Status === "restarting") {
    const detail = `crashes again and again (${exited}, ${counted(RestartCount ?? 0, "restart")})`;
    return { ...facts, detail, command: logs(host, name) };
  }
  if (error.includes(BOOT_PERMIT)) {
    const detail = `${exited}${when}, and was not started since the host booted`;
    return { ...facts, detail, command: `ssh ${host} journalctl -b -u ${BOOT_UNIT}` };
  }
  const start = `ssh ${host} docker start ${name}`;
  if (error !== "") {
    return { ...facts, detail: `could not be started${when}`, command: start };
  }
  if (State.Status !== "exited") return { ...facts, ...neverRan(host, name, State.Status) };
  // Who crashes is started again by the engine; these ended by themselves, or were stopped.
  const wanted = code === 0 || code in SIGNALLED;
  return { ...facts, detail: `${exited}${when}`, command: wanted ? start : logs(host, name) };
}

/** Of a container that has no exit code: the engine says one all the same. */
function neverRan(host: string, name: string, status: string) {
  return {
    exitCode: null,
    detail: status === "created" ? "was made and never started" : `is ${oneLine(status)}`,
    command: status === "paused" ? `ssh ${host} docker unpause ${name}` : up(host),
  };
}

function forSpan(start: number | undefined, clock: number | undefined, atLeast = ""): string {
  if (start === undefined || clock === undefined) return "";
  return ` for ${atLeast}${spanText(clock - start)}`;
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times in a row`;
}
