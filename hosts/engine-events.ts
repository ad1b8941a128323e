// What a host's engine says about containers while somebody listens.
import { spawn } from "node:child_process";
import { readEngineLine } from "../model/engine-line.ts";

/** Something that happened to a container. */
export interface Moment {
  readonly container: string;
  readonly action: "start" | "healthy";
  /** Milliseconds since 1970, by the host's clock; the sandbox's machines have this computer's. */
  readonly at: number;
}

/** A container's first start and first turn to healthy, in seconds since a measurement began. */
export interface StartTime {
  readonly started: number;
  readonly healthy: number;
}

/** Leaves the engine this long to say what it saw last. */
const LAST_WORDS_MS = 500;

/**
 * Writes the events of a host's engine down until `stop` is called.
 * @param sshConfig path of the ssh configuration that names the host
 * @param host ssh alias
 */
export function recordMoments(sshConfig: string, host: string): { stop(): Promise<Moment[]> } {
  const since = Math.floor(Date.now() / 1000);
  const events = `docker events --since ${since} --filter type=container --filter event=start --filter event=health_status --format '{{json .}}'`;
  // Not over the shared connection, and with a terminal: ending this ends the command there too.
  const options = ["-F", sshConfig, "-o", "ControlPath=none", "-tt"];
  const child = spawn("ssh", [...options, host, events], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  let text = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (chunk: string) => (text += chunk));
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    stop: async () => {
      await new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS));
      child.kill("SIGTERM");
      await closed;
      return parseMoments(text);
    },
  };
}

/** Starts and turns to healthy in the engine's JSON lines. */
export function parseMoments(text: string): Moment[] {
  return text.split(/\r?\n/).flatMap((line): Moment[] => {
    const read = readEngineLine(line);
    const isHealthy = read?.action === "health_status: healthy";
    if (read?.action !== "start" && !isHealthy) return [];
    const { attributes, timeNano } = read;
    const action = isHealthy ? "healthy" : "start";
    return [{ container: attributes["name"] ?? "", action, at: Number(timeNano) / 1e6 }];
  });
}

/**
 * When each container first started and first was healthy. One that never got healthy is left out.
 * @param since milliseconds since 1970; what happened before does not count
 */
export function startTimes(moments: readonly Moment[], since: number): Map<string, StartTime> {
  const times = new Map<string, StartTime>();
  const started = new Map<string, number>();
  for (const { container, action, at } of moments) {
    const seconds = (at - since) / 1000;
    if (seconds < 0) continue;
    const first = started.get(container);
    if (action === "start" && first === undefined) started.set(container, seconds);
    if (action === "healthy" && first !== undefined && !times.has(container)) {
      times.set(container, { started: first, healthy: seconds });
    }
  }
  return times;
}

/** Seconds until the last of them was healthy. */
export function allHealthyAt(times: ReadonlyMap<string, StartTime>): number {
  return Math.max(0, ...[...times.values()].map(({ healthy }) => healthy));
}
