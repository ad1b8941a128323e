// A container as the engine describes it, in the words of the contract. What those have no place for,
// environment and command lines above all, is not read.
import { lookedContainer, type LookedContainer } from "../../../control-plane/contract/events.ts";
import { asLine, planDigest } from "../../../control-plane/contract/words.ts";
import { containerState, engineTime, type EngineState } from "../../../model/engine-container.ts";

/** What is read of the engine's list. */
export interface Listed {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Image: string;
  readonly State: string;
  /** In words: "Up 3 minutes (healthy)", "Exited (137) 2 hours ago". */
  readonly Status: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

/** What is read of an inspection. */
export interface Inspected {
  readonly RestartCount: number;
  readonly Config: { readonly Image: string };
  readonly State: EngineState & {
    readonly StartedAt: string;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
  };
}

/** Health by the words in which the list has it. */
const HEALTH_IN_WORDS: Readonly<Record<string, string>> = {
  "(healthy)": "healthy",
  "(unhealthy)": "unhealthy",
  "(health: starting)": "starting",
};

/**
 * The container; undefined for one whose name the contract has no room for.
 * @param inspected undefined where the engine did not answer: while it hangs in starting or stopping
 *   a container, only the list knows it
 */
export function containerOf(
  listed: Listed,
  inspected: Inspected | undefined,
): LookedContainer | undefined {
  const image = inspected?.Config.Image ?? listed.Image;
  const spec = planDigest.safeParse(listed.Labels?.["homelab.spec"]);
  const state: LookedContainer["state"] | undefined = containerState(
    inspected ? inspected.State : stateIn(listed),
  );
  const ended = state === "exited" || state === "restarting";
  return lookedContainer.safeParse({
    name: nameOf(listed),
    id: listed.Id,
    state,
    image: asLine(image),
    digest: /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1] ?? null,
    spec: spec.data ?? null,
    startedAt: momentOf(inspected?.State.StartedAt),
    exitCode: ended ? (inspected?.State.ExitCode ?? exitCodeIn(listed.Status)) : null,
    outOfMemory: inspected?.State.OOMKilled ?? false,
    restarts: inspected?.RestartCount ?? 0,
  }).data;
}

/** Links give it further names, below those of others. */
function nameOf({ Names: names }: Listed): string | undefined {
  return names.find((name) => name.lastIndexOf("/") === 0)?.slice(1);
}

function stateIn({ State: Status, Status: text }: Listed): EngineState {
  const health = Object.entries(HEALTH_IN_WORDS).find(([words]) => text.endsWith(words))?.[1];
  return { Status, Health: health === undefined ? null : { Status: health } };
}

function exitCodeIn(status: string): number | null {
  const [, code] = /\((\d+)\)/.exec(status) ?? [];
  return code === undefined ? null : Number(code);
}

function momentOf(time: string | undefined): string | null {
  const at = engineTime(time);
  return at === undefined ? null : new Date(Math.round(at * 1000)).toISOString();
}
