// What follows from an event while services are brought up. Pure, and part of the scheduler, which
// asks here unless the boot is over and staying.ts knows better.
import type { BootEvent, ServiceEvent } from "./boot-events.ts";
import {
  failed,
  healthy,
  isMet,
  starting,
  waiting,
  type BootState,
  type ServiceState,
  type StartingState,
} from "./boot-state.ts";
import { logsOf } from "./staying.ts";
import type { StartNode } from "./start-plan.ts";

/** A container that ends this often while it starts is in a crash loop. */
const CRASH_LOOP = 3;

/** What an answer depends on besides state and event. */
interface Moment {
  readonly node: StartNode;
  /** Time of the event since the run began. */
  readonly seconds: number;
}

/** The state after an event by the boot's rules; undefined where it changes nothing. */
export function whileBooting(
  service: ServiceState,
  event: ServiceEvent,
  moment: Moment,
): ServiceState | undefined {
  if (event.kind === "removed" && service.at !== "unseen")
    return failed("its container was removed");
  switch (service.at) {
    case "unseen":
      return event.kind === "found" ? afterFound(event) : undefined;
    case "running":
    case "doomed":
      if (event.kind === "died") return waiting(service.checked);
      if (service.at === "running" && event.kind === "healthy")
        return { ...service, as: "healthy" };
      if (service.at === "running" && event.kind === "unhealthy")
        return { ...service, as: "unhealthy" };
      return undefined;
    case "stopping":
      if (event.kind === "stopped") return waiting(service.checked);
      if (event.kind === "refused") return failed(`could not be stopped: ${event.reason}`, true);
      return undefined;
    case "waiting":
      // Somebody else started it: it may run on only if its time has come.
      if (event.kind !== "up") return undefined;
      return running(service.checked ? "starting" : "healthy", service.checked);
    case "starting":
      return whileStarting(service, event, moment);
    case "healthy":
    case "completed":
    case "failed":
    case "held":
    case "crashed":
    case "stopped":
      return undefined;
  }
}

/** Whether a container that was found running may go on: only if it could be started now. */
export function judged(
  state: BootState,
  service: Extract<ServiceState, { at: "running" }>,
  { node, seconds }: Moment,
): ServiceState | undefined {
  const doomed = { at: "doomed", checked: service.checked } as const;
  if (service.as === "unhealthy") return doomed;
  const hard = node.waits.filter((wait) => wait.hard && !isMet(state, wait));
  if (hard.some((wait) => !isUndecided(state, wait.on))) return doomed;
  if (hard.length > 0) return undefined;
  const mounts = node.waits.flatMap(({ on }) => {
    const gate = state.gates.get(on);
    return gate && state.plan.gates.get(on)?.condition.kind === "mount" ? [gate] : [];
  });
  if (mounts.some((gate) => gate.at === "open" && gate.blind.includes(node.name))) return doomed;
  // It runs without the mount; should that still come, it has to start anew to see it.
  if (mounts.some((gate) => gate.at === "unknown" || gate.at === "shut")) return undefined;
  if (service.as === "healthy" && !node.endsByItself)
    return { at: "healthy", since: seconds, kept: true };
  return starting(
    { node, seconds },
    { checked: service.checked, up: true, works: service.as === "healthy" },
  );
}

function isUndecided({ services, gates }: BootState, on: string): boolean {
  const target = services.get(on)?.at ?? gates.get(on)?.at;
  return target === "unseen" || target === "running" || target === "unknown";
}

function running(as: "starting" | "healthy" | "unhealthy", checked: boolean): ServiceState {
  return { at: "running", as, checked };
}

function afterFound(event: Extract<BootEvent, { kind: "found" }>): ServiceState {
  if (event.as === "missing") return failed("it has no container; deploy the host");
  if (event.as === "stopped") return waiting(event.checked);
  return running(event.checked ? event.as : "healthy", event.checked);
}

function whileStarting(
  service: StartingState,
  event: ServiceEvent,
  { node, seconds }: Moment,
): ServiceState | undefined {
  const works = { ...service, up: true, works: true };
  // Until the engine said that it is up, whatever it says is about an earlier life.
  if (!service.up && ["healthy", "unhealthy", "died"].includes(event.kind)) return undefined;
  switch (event.kind) {
    case "up":
      if (service.up) return undefined;
      if (service.checked) return { ...service, up: true };
      return node.endsByItself ? works : healthy({ seconds });
    case "healthy":
      return node.endsByItself ? works : healthy({ seconds });
    case "unhealthy":
      return failed(`it is unhealthy${logsOf(node)}`, true);
    case "refused":
      return { ...failed(`the engine could not start it: ${event.reason}`), refused: true };
    case "died": {
      if (event.exitCode === 0) {
        if (!node.endsByItself)
          return { ...failed(`it ended by itself${logsOf(node)}`), ended: true };
        return { at: "completed", since: seconds };
      }
      const crashes = service.crashes + 1;
      if (crashes < CRASH_LOOP) return { ...service, up: false, works: false, crashes };
      const reason = `it keeps crashing, last with exit code ${event.exitCode}${logsOf(node)}`;
      return { ...failed(reason), loops: true };
    }
    case "asked":
    case "found":
    case "stopped":
    case "removed":
      return undefined;
  }
}
