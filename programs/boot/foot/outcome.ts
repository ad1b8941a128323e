// What an answer of the Observer means for what was sent.
import { receiptSchema, type Receipt } from "../../../control-plane/contract/events.ts";
import { readAs } from "../../../control-plane/contract/read-as.ts";
import type { Answer } from "./ask.ts";

/** What became of a batch. */
export type Outcome =
  | { readonly kind: "taken"; readonly receipt: Receipt }
  /** To be sent again. `afterMs`: not before. */
  | { readonly kind: "away"; readonly reason: string; readonly afterMs: number }
  /** The token is good for nothing there. */
  | { readonly kind: "refused"; readonly reason: string }
  /** It would be answered so another time too. */
  | { readonly kind: "unfit"; readonly reason: string };

/** Whoever asks for a longer pause than this gets this one. */
const LONGEST_RETRY_AFTER_SECONDS = 600;

/** Statuses of the 400s that pass: too slow, too early, too many. */
const PASSING = [408, 425, 429];

/**
 * What an answer means.
 * @param stream of what was sent
 */
export function outcomeOf({ status, retryAfterSeconds, text }: Answer, stream: string): Outcome {
  const reason = `status ${status}`;
  if (status === 200) {
    const receipt = readAs(receiptSchema, text);
    if (receipt?.stream === stream) return { kind: "taken", receipt };
    return away("what it answers is no receipt");
  }
  if (status === 401 || status === 403) return { kind: "refused", reason };
  if (status >= 400 && status < 500 && !PASSING.includes(status)) return { kind: "unfit", reason };
  return away(reason, retryAfterSeconds);
}

/** Of an Observer that did not take it. */
export function away(reason: string, retryAfterSeconds = 0): Outcome {
  const afterMs = Math.min(retryAfterSeconds, LONGEST_RETRY_AFTER_SECONDS) * 1000;
  return { kind: "away", reason, afterMs };
}
