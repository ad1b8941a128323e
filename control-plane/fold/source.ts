// Which numbers of a host's streams have come: what is new, what came before, and what is missing.
import type { Source } from "./facts.ts";

/** Streams before the present one that are remembered, to know what comes from them again. */
const PAST_STREAMS = 8;
/** Holes that are remembered; what would fill an older one counts as a duplicate. */
const MOST_HOLES = 64;

/** What a number is to what came before it. */
export type Place = "next" | "duplicate" | "late";

/** Whether a number is new. "late": it is, and what was sent after it came before it. */
export function placeOf(source: Source | null, stream: string, number: number): Place {
  if (source === null) return "next";
  if (source.stream === stream) {
    if (number >= source.next) return "next";
    return source.holes.some(([from, to]) => from <= number && number <= to) ? "late" : "duplicate";
  }
  const past = source.past.find((each) => each.stream === stream);
  if (!past) return "next";
  return number >= past.next ? "late" : "duplicate";
}

/** What follows once a number that is no duplicate has come, and how many were passed over for it. */
export function withNumber(
  source: Source | null,
  stream: string,
  number: number,
): { readonly source: Source; readonly passedOver: number } {
  if (source?.stream === stream) {
    if (number === source.next) {
      const { holes, past } = source;
      return { source: { stream, next: number + 1, holes, past }, passedOver: 0 };
    }
    if (number < source.next) return { source: filled(source, number), passedOver: 0 };
    const holes = [...source.holes, [source.next, number - 1] as const].slice(-MOST_HOLES);
    return { source: { ...source, next: number + 1, holes }, passedOver: number - source.next };
  }
  if (source?.past.some((each) => each.stream === stream)) {
    const past = source.past.map((each) =>
      each.stream === stream ? { stream, next: number + 1 } : each,
    );
    return { source: { ...source, past }, passedOver: 0 };
  }
  const past = source
    ? [{ stream: source.stream, next: source.next }, ...source.past].slice(0, PAST_STREAMS)
    : [];
  const holes = number > 1 ? [[1, number - 1] as const] : [];
  return { source: { stream, next: number + 1, holes, past }, passedOver: number - 1 };
}

function filled(source: Source, number: number): Source {
  const holes = source.holes.flatMap(([from, to]) => {
    if (number < from || number > to) return [[from, to] as const];
    const left = number > from ? [[from, number - 1] as const] : [];
    const right = number < to ? [[number + 1, to] as const] : [];
    return [...left, ...right];
  });
  // A number in the middle of a hole makes two of it.
  return { ...source, holes: holes.slice(-MOST_HOLES) };
}
