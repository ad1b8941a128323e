// Facts in a file, with a checksum in front.
import { createHash } from "node:crypto";
import type { Facts } from "./facts.ts";

/** Rises when the facts mean something else: an older file is then passed over. */
const FACTS_VERSION = 1;

/** Facts as they stand in a file. */
export function factsText(facts: Facts): string {
  const body = JSON.stringify(facts);
  return `{"version":${FACTS_VERSION},"sha256":"${sha256(body)}","facts":${body}}\n`;
}

/** The facts in a text; undefined when it is torn, changed, or of another version. */
export function factsIn(text: string): Facts | undefined {
  try {
    const { version, sha256: sum, facts } = JSON.parse(text) as Record<string, unknown>;
    if (version !== FACTS_VERSION || sum !== sha256(JSON.stringify(facts))) return undefined;
    return facts as Facts;
  } catch {
    return undefined;
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
