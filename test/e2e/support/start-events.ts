import { spawn } from "node:child_process";
import type { HostName } from "../../../model/host-names.ts";
import type { Lab } from "./lab.ts";

/** What happened to a container, and when. */
export interface StartEvent {
  readonly container: string;
  readonly action: "start" | "healthy";
  /** Nanoseconds since 1970, from the engine. */
  readonly time: bigint;
}

/** Writes the engine's events down until `stop` is called. */
export function recordStarts(lab: Lab, host: HostName): { stop(): Promise<StartEvent[]> } {
  const config = lab.env["HOMELAB_SSH_CONFIG"] ?? "";
  // Not over the shared connection: ending this process then ends the command there too.
  const child = spawn(
    "ssh",
    [
      "-F",
      config,
      "-o",
      "ControlPath=none",
      "-tt",
      host,
      "docker events --filter type=container --filter event=start --filter event=health_status --format '{{json .}}'",
    ],
    { stdio: ["pipe", "pipe", "ignore"] },
  );
  let text = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (chunk: string) => (text += chunk));
  return {
    stop: () =>
      new Promise((resolve) => {
        child.once("close", () => resolve(parseEvents(text)));
        child.kill("SIGTERM");
      }),
  };
}

interface EngineEvent {
  readonly Action: string;
  readonly timeNano: number;
  readonly time: number;
  readonly Actor: { readonly Attributes: { readonly name: string } };
}

/** The starts and the first turns to healthy in the engine's JSON lines. */
export function parseEvents(text: string): StartEvent[] {
  return text.split(/\r?\n/).flatMap((line): StartEvent[] => {
    if (!line.startsWith("{")) return [];
    // The number has more digits than a JSON number keeps.
    const nanoseconds = /"timeNano":(\d+)/.exec(line)?.[1];
    const event = JSON.parse(line) as EngineEvent;
    const action =
      event.Action === "start"
        ? "start"
        : event.Action.endsWith(": healthy")
          ? "healthy"
          : undefined;
    if (action === undefined || nanoseconds === undefined) return [];
    return [{ container: event.Actor.Attributes.name, action, time: BigInt(nanoseconds) }];
  });
}
