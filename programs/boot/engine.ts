// The Docker engine, over its socket. A run does not poll: it looks at each container when it begins,
// and from then on follows the engine's own event stream. The foot looks and acts through it, too.
import { request, type IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { HostError } from "../../model/errors.ts";
import { containerState, type EngineState } from "../../model/engine-container.ts";
import { readEngineLine } from "../../model/engine-line.ts";
import { jsonIn } from "../../model/json-in.ts";
import type { Found } from "./boot-events.ts";

/** Where a host's engine listens. */
export const ENGINE_SOCKET = "/var/run/docker.sock";

/** An engine that takes longer to answer that it is there is asked again. */
const PING_MS = 10_000;

/** A container as it is. */
export interface ContainerFacts {
  readonly as: Found;
  /** Whether the engine checks its health. */
  readonly checked: boolean;
  /** Its first process; 0 when it does not run. */
  readonly pid: number;
}

/** Something the engine says about a container. */
export interface EngineEvent {
  readonly container: string;
  /** "asked": somebody has it stopped. */
  readonly kind: "up" | "healthy" | "unhealthy" | "died" | "removed" | "asked";
  /** Only for "died"; 0 otherwise. */
  readonly exitCode: number;
}

/** An event stream that is open. */
export interface EngineStream {
  readonly ended: Promise<void>;
  readonly close: () => void;
}

/** What of the engine's events is followed. */
const WATCHED = ["start", "kill", "die", "stop", "destroy", "health_status"];

/** The parts of the engine's answers that are read. */
interface Inspection {
  readonly State: EngineState & { readonly Pid?: number };
  readonly Config: { readonly Healthcheck?: { readonly Test?: readonly string[] } };
}

const EVENT_KINDS: Readonly<Record<string, EngineEvent["kind"]>> = {
  start: "up",
  kill: "asked",
  die: "died",
  stop: "asked",
  destroy: "removed",
  "health_status: healthy": "healthy",
  "health_status: unhealthy": "unhealthy",
};

/** A client of one engine. */
export class Engine {
  readonly #socket: string;
  readonly #host: string;

  /**
   * @param host name for messages
   * @param socket path of its unix socket
   */
  constructor(host: string, socket: string = ENGINE_SOCKET) {
    this.#host = host;
    this.#socket = socket;
  }

  /**
   * Waits until the engine answers.
   * @throws HostError HL-ENGINE when it does not within the limit
   */
  async waitUntilReady(limitSeconds: number): Promise<void> {
    // Not the time of day, which a machine without a clock of its own gets only now.
    const until = performance.now() + limitSeconds * 1000;
    for (;;) {
      const seen = await this.#ping(Math.min(PING_MS, limitSeconds * 1000));
      if (seen === undefined) return;
      if (performance.now() >= until) {
        throw new HostError(
          "HL-ENGINE",
          this.#host,
          `the Docker engine did not answer within ${limitSeconds} s (${seen}); look at: systemctl status docker`,
        );
      }
      await delay(200);
    }
  }

  /** Whether the engine answers now. */
  async answers(): Promise<boolean> {
    return (await this.#ping(PING_MS)) === undefined;
  }

  /** Why the engine does not answer; undefined when it does. */
  #ping(limitMs: number): Promise<string | undefined> {
    return this.#call("GET", "/_ping", limitMs).then(
      ({ status, text }) => (status === 200 ? undefined : text),
      (error: Error) => error.message,
    );
  }

  /** What the container does now. */
  async look(container: string): Promise<ContainerFacts> {
    const { status, text } = await this.#call("GET", `/containers/${container}/json`);
    if (status === 404) return { as: "missing", checked: true, pid: 0 };
    if (status !== 200) throw this.#error(`inspect ${container}`, text);
    return factsOf(JSON.parse(text) as Inspection);
  }

  /** Starts a container, unless it runs already. */
  async start(container: string): Promise<"started" | "ran already"> {
    const { status, text } = await this.#call("POST", `/containers/${container}/start`);
    if (status !== 204 && status !== 304) throw this.#error(`start ${container}`, text);
    return status === 204 ? "started" : "ran already";
  }

  /** Stops a container: politely first, by force after the grace. */
  async stop(container: string, graceSeconds: number): Promise<void> {
    const { status, text } = await this.#call(
      "POST",
      `/containers/${container}/stop?t=${graceSeconds}`,
    );
    if (status !== 204 && status !== 304) throw this.#error(`stop ${container}`, text);
  }

  /**
   * Passes on what happens to containers, from now on.
   * @returns once the engine listens: a promise for the end of the stream, and how to end it
   */
  async watch(onEvent: (event: EngineEvent) => void): Promise<EngineStream> {
    return await this.follow(WATCHED, (line) => {
      const event = eventOf(line);
      if (event) onEvent(event);
    });
  }

  /**
   * Passes on what the engine's event stream says of containers, line by line, from now on.
   * @param events the engine's names of those to hear of
   * @returns once the engine listens: a promise for the end of the stream, and how to end it
   */
  async follow(events: readonly string[], onLine: (line: string) => void): Promise<EngineStream> {
    const filters = JSON.stringify({ type: ["container"], event: events });
    const response = await this.#open("GET", `/events?filters=${encodeURIComponent(filters)}`);
    if (response.statusCode !== 200) throw this.#error("events", await readAll(response));
    const lines = createInterface({ input: response });
    lines.on("line", onLine);
    // A stream that breaks off is no error of its own: it has ended. Both report it.
    response.on("error", () => undefined);
    lines.on("error", () => undefined);
    const ended = new Promise<void>((resolve) => response.once("close", resolve));
    return { ended, close: () => response.destroy() };
  }

  /**
   * What the engine answers to a question, as it is.
   * @param limitMs gives up when nothing is heard for so long
   * @throws Error when it does not answer
   */
  get(path: string, limitMs: number): Promise<{ status: number; text: string }> {
    return this.#call("GET", path, limitMs);
  }

  /**
   * What the engine answers when it is asked to do something.
   * @param limitMs gives up when nothing is heard for so long; it may still be done
   * @param body @default none
   * @throws Error when it does not answer
   */
  post(path: string, limitMs: number, body?: object): Promise<{ status: number; text: string }> {
    return this.#call("POST", path, limitMs, body);
  }

  /**
   * What the engine answers when it is asked to remove something.
   * @param limitMs gives up when nothing is heard for so long; it may still be done
   * @throws Error when it does not answer
   */
  delete(path: string, limitMs: number): Promise<{ status: number; text: string }> {
    return this.#call("DELETE", path, limitMs);
  }

  /** @param limitMs gives up when nothing is heard for so long. @default waits */
  async #call(
    method: string,
    path: string,
    limitMs?: number,
    body?: object,
  ): Promise<{ status: number; text: string }> {
    const response = await this.#open(method, path, limitMs, body);
    return { status: response.statusCode ?? 0, text: await readAll(response) };
  }

  #open(method: string, path: string, limitMs?: number, body?: object): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const type = body === undefined ? {} : { "Content-Type": "application/json" };
      const headers = { Host: "docker", ...type };
      const options = { socketPath: this.#socket, method, path, headers };
      const asked = request(options, resolve).once("error", reject);
      if (limitMs !== undefined) {
        const error = new Error(`no answer within ${limitMs / 1000} s`);
        asked.setTimeout(limitMs, () => asked.destroy(error));
      }
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  #error(what: string, answer: string): HostError {
    return new HostError("HL-ENGINE", this.#host, `docker ${what}: ${messageOf(answer)}`);
  }
}

/** What an inspection says. */
export function factsOf({ State: state, Config: config }: Inspection): ContainerFacts {
  const test = config.Healthcheck?.Test ?? [];
  const checked = test.length > 0 && test[0] !== "NONE";
  const pid = state.Pid ?? 0;
  const as = containerState(state);
  switch (as) {
    case "healthy":
    case "unhealthy":
      return { as, checked, pid };
    case "running":
    case "starting":
      return { as: "starting", checked, pid };
    // Crashes again and again, or was frozen: neither can be built upon.
    case "restarting":
    case "paused":
      return { as: "unhealthy", checked: true, pid };
    default:
      return { as: "stopped", checked, pid: 0 };
  }
}

/** The event in a line of the stream, if it is one we follow. */
export function eventOf(line: string): EngineEvent | undefined {
  const { action = "", attributes = {} } = readEngineLine(line) ?? {};
  const kind = EVENT_KINDS[action];
  const container = attributes["name"];
  if (!kind || container === undefined) return undefined;
  return { container, kind, exitCode: Number(attributes["exitCode"] ?? 0) };
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** What an engine's refusal says. */
export function messageOf(answer: string): string {
  const said = jsonIn(answer) as { message?: string } | null | undefined;
  return said?.message ?? answer;
}
