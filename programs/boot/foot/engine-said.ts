// What a line of the engine's event stream says, in the words of the contract.
import { happening, type Happening } from "../../../control-plane/contract/events.ts";
import { asLine } from "../../../control-plane/contract/words.ts";
import { NOT_TO_END } from "../engine.ts";

/** The engine's names of what is told. */
export const TOLD_EVENTS: readonly string[] = [
  "create",
  "start",
  "kill",
  "die",
  "stop",
  "oom",
  "pause",
  "unpause",
  "destroy",
  "health_status",
];

type Raw = {
  readonly Action?: string;
  readonly Actor?: {
    readonly ID?: string;
    readonly Attributes?: Readonly<Record<string, string>>;
  } | null;
} | null;

/** What a line says; undefined for what the contract has no word for. */
export function saidIn(line: string): Happening | undefined {
  const { Action: action = "", Actor: actor } = parsed(line) ?? {};
  const { name, image, exitCode, signal } = actor?.Attributes ?? {};
  if (action === "kill" && NOT_TO_END.includes(signal ?? "")) return undefined;
  return happening.safeParse({
    kind: "engine",
    container: name,
    id: actor?.ID,
    action: action.replace("health_status: ", ""),
    ...(action === "die" && exitCode !== undefined ? { exitCode: Number(exitCode) } : {}),
    image: asLine(image ?? ""),
    // Its number is longer than one of JavaScript is exact.
    timeNano: /"timeNano":\s*(\d+)/.exec(line)?.[1],
  }).data;
}

/** Of an engine that ends, the last line may be half a one. */
function parsed(line: string): Raw {
  try {
    return JSON.parse(line) as Raw;
  } catch {
    return {};
  }
}
