// Which services are wanted of all.
import type { Node } from "./nodes.ts";
import type { Tone } from "./tone.ts";

/** What is asked for. */
export interface Wanted {
  /** Part of a name, a host, a category or a word; empty for all. */
  readonly text: string;
  /** Empty for all. */
  readonly host: string;
  /** Empty for all. */
  readonly tone: Tone | "";
}

/** How many there are of each tone. */
export function countsOf(nodes: readonly Node[]): Readonly<Record<Tone, number>> {
  const counts = { good: 0, busy: 0, bad: 0, idle: 0, unknown: 0 };
  for (const { tone } of nodes) counts[tone] += 1;
  return counts;
}

/** What is not well comes first. */
export const TONES_IN_ORDER: readonly Tone[] = ["bad", "unknown", "busy", "idle", "good"];

/** Those that are wanted, what needs somebody first. */
export function wantedOf(nodes: readonly Node[], { text, host, tone }: Wanted): Node[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return nodes
    .filter((node) => host === "" || node.host === host)
    .filter((node) => tone === "" || node.tone === tone)
    .filter((node) => {
      const all = `${node.id} ${node.category} ${node.word}`.toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .sort((a, b) => rank(a) - rank(b) || b.sickBelow - a.sickBelow || a.id.localeCompare(b.id));
}

function rank({ tone }: Node): number {
  return TONES_IN_ORDER.indexOf(tone);
}
