// A container as the engine describes it, in the words of the contract. What those have no place for,
// environment and command lines above all, is not read.
import { lookedContainer, type LookedContainer } from "../../../control-plane/contract/events.ts";
import { asLine, planDigest } from "../../../control-plane/contract/words.ts";

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
  readonly State: {
    readonly Status: string;
    readonly Health?: { readonly Status: string } | null;
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

/** What the engine says of a container that has never run. */
const NEVER = "0001-01-01T00:00:00Z";

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
  const state = inspected
    ? stateOf(inspected.State.Status, inspected.State.Health?.Status)
    : stateOf(listed.State, healthIn(listed.Status));
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

function stateOf(status: string, health: string | undefined): string {
  switch (status) {
    case "running":
      return health === undefined || health === "none" ? "running" : health;
    case "removing":
    case "dead":
      return "exited";
    default:
      return status;
  }
}

function healthIn(status: string): string | undefined {
  return Object.entries(HEALTH_IN_WORDS).find(([words]) => status.endsWith(words))?.[1];
}

function exitCodeIn(status: string): number | null {
  const [, code] = /\((\d+)\)/.exec(status) ?? [];
  return code === undefined ? null : Number(code);
}

function momentOf(time: string | undefined): string | null {
  const at = Date.parse(time ?? NEVER);
  return time === NEVER || Number.isNaN(at) || time === undefined
    ? null
    : new Date(at).toISOString();
}
