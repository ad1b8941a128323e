/** good, bad, under way, neither, and what nobody knows. Each has a shape of its own beside its colour. */
export type Tone = "good" | "busy" | "bad" | "idle" | "unknown";

/** A tone with the word that says it. */
export interface Condition {
  readonly tone: Tone;
  readonly word: string;
}

/** What is known of everything, beside each host's own part. */
export interface Knowledge {
  /** Why nothing that is shown need be so now; null when there is nothing against it. */
  readonly old: string | null;
}
