// A container as the engine describes it, as far as it takes to judge it and to make it once more.
import {
  containerState,
  CRASH_LOOP_RESTARTS,
  type EngineState,
} from "../../../model/engine-container.ts";
import type { Sight } from "./decide.ts";

/** A container on a network. */
export interface Endpoint {
  readonly IPAMConfig?: object | null;
  readonly Links?: readonly string[] | null;
  readonly Aliases?: readonly string[] | null;
  readonly DriverOpts?: object | null;
  readonly GwPriority?: number;
}

/** What is read of an inspection; the rest of `Config` and `HostConfig` is handed on as it is. */
export interface Inspected {
  readonly Id: string;
  /** With a slash before it. */
  readonly Name: string;
  readonly RestartCount: number;
  readonly State: EngineState;
  readonly Config: {
    readonly Image: string;
    readonly Hostname?: string;
    readonly StopTimeout?: number | null;
    readonly Labels?: Readonly<Record<string, string>> | null;
  };
  readonly HostConfig: { readonly NetworkMode: string };
  readonly NetworkSettings: { readonly Networks?: Readonly<Record<string, Endpoint>> | null };
}

/** The container's name. */
export function nameOf({ Name }: Pick<Inspected, "Name">): string {
  return Name.replace(/^\//, "");
}

/** Whether this project made it for a service. */
export function isOurs({ Config }: Inspected, service: string): boolean {
  return Config.Labels?.["homelab.service"] === service;
}

/** How a container is; undefined stands for none. */
export function sightOf(container: Pick<Inspected, "State" | "RestartCount"> | undefined): Sight {
  if (container === undefined) return "missing";
  switch (containerState(container.State)) {
    case "healthy":
      return "well";
    case "unhealthy":
      return "unhealthy";
    case "running":
    case "starting":
    case "restarting":
      return container.RestartCount >= CRASH_LOOP_RESTARTS ? "crashing" : "undecided";
    case "created":
    case "exited":
      return "stopped";
    case "paused":
    case undefined:
      return "undecided";
  }
}
