// A line of an engine's event stream (docs.docker.com/reference/api/engine: SystemEvents).
import { jsonIn } from "./json-in.ts";

/** What a line says of a container, in the engine's words. */
export interface EngineLine {
  readonly action: string;
  readonly id: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  /** Nanoseconds since 1970, as digits: the number is longer than one of JavaScript is exact. */
  readonly timeNano: string | undefined;
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
export function readEngineLine(line: string): EngineLine | undefined {
  const { Action: action = "", Actor: actor } = (jsonIn(line) as Raw | undefined) ?? {};
  const attributes = actor?.Attributes ?? {};
  if (action === "kill" && NOT_TO_END.includes(attributes["signal"] ?? "")) return undefined;
  const timeNano = /"timeNano":\s*(\d+)/.exec(line)?.[1];
  return { action, id: actor?.ID, attributes, timeNano };
}
