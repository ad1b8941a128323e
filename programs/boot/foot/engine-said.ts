// What a line of the engine's event stream says, in the words of the contract.
import {
  ENGINE_ACTIONS,
  happening,
  type Happening,
} from "../../../control-plane/contract/events.ts";
import { asLine } from "../../../control-plane/contract/words.ts";
import { readEngineLine } from "../../../model/engine-line.ts";

/** What the engine calls two of the contract's actions; its lines say which: "health_status: healthy". */
const HEALTH = "health_status";
const HEALTH_ACTIONS: readonly string[] = ["healthy", "unhealthy"];

/** The engine's names of what is told. */
export const TOLD_EVENTS: readonly string[] = [
  ...ENGINE_ACTIONS.filter((action) => !HEALTH_ACTIONS.includes(action)),
  HEALTH,
];

/** What a line says; undefined for what the contract has no word for. */
export function saidIn(line: string): Happening | undefined {
  const read = readEngineLine(line);
  if (!read) return undefined;
  const { action, id, attributes, timeNano } = read;
  const { name, image, exitCode } = attributes;
  return happening.safeParse({
    kind: "engine",
    container: name,
    id,
    action: action.replace(`${HEALTH}: `, ""),
    ...(action === "die" && exitCode !== undefined ? { exitCode: Number(exitCode) } : {}),
    image: asLine(image ?? ""),
    timeNano,
  }).data;
}
