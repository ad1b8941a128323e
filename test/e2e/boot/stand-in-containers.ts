import type { SandboxSettings } from "../../../sandbox/settings.ts";
import { onDockerVm } from "./stand-ins.ts";

/** A stand-in as the engine has it. Times are milliseconds since 1970. */
export interface Container {
  readonly name: string;
  readonly status: string;
  readonly restarts: number;
  readonly startedAt: number;
  /** When it ended last. */
  readonly finishedAt: number;
  /** When its health check passed first; undefined when it never did. */
  readonly healthyAt: number | undefined;
}

/** The stand-ins by name. */
export async function containersOf(settings: SandboxSettings): Promise<Map<string, Container>> {
  const text = await onDockerVm(settings, "docker inspect $(docker ps --all --quiet)");
  const all = JSON.parse(text) as {
    Name: string;
    RestartCount: number;
    State: {
      Status: string;
      StartedAt: string;
      FinishedAt: string;
      Health?: { Log: { ExitCode: number; End: string }[] | null };
    };
  }[];
  return new Map(
    all.map(({ Name, RestartCount, State }) => {
      const passed = State.Health?.Log?.find(({ ExitCode }) => ExitCode === 0);
      const name = Name.slice(1);
      const container = {
        name,
        status: State.Status,
        restarts: RestartCount,
        startedAt: Date.parse(State.StartedAt),
        finishedAt: Date.parse(State.FinishedAt),
        healthyAt: passed && Date.parse(passed.End),
      };
      return [name, container];
    }),
  );
}
