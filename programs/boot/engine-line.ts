// A line of the engine's event stream, which the orchestrator and the foot both follow.
import { jsonIn } from "./json-in.ts";

/** What a line says of a container, in the engine's words. */
export interface EngineLine {
  readonly action: string;
  readonly id: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The parts of a line that are read. */
type Raw = {
  readonly Action?: string;
  readonly Actor?: {
    readonly ID?: string;
    readonly Attributes?: Readonly<Record<string, string>>;
  } | null;
} | null;

/**
 * Signals by which a program is told something, and goes on: HUP, USR1, USR2, CONT, WINCH, as Linux
 * numbers them. Where one of them is a container's own way to end, the engine's `stop` says so.
 */
const NOT_TO_END: readonly string[] = ["1", "10", "12", "18", "28"];

/**
 * Reads a line; undefined for a signal that ends nothing. Of an engine that ends, the last line may be
 * half a one, which says nothing.
 */
export function readLine(line: string): EngineLine | undefined {
  const { Action: action = "", Actor: actor } = (jsonIn(line) as Raw | undefined) ?? {};
  const attributes = actor?.Attributes ?? {};
  if (action === "kill" && NOT_TO_END.includes(attributes["signal"] ?? "")) return undefined;
  return { action, id: actor?.ID, attributes };
}
