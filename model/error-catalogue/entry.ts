/** What a code stands for. */
export interface ErrorEntry {
  /** What happened, in one or two sentences. */
  readonly meaning: string;
  /** What a person does about it. */
  readonly remedy: string;
}

/** Entries by their codes, e.g. `HL-USAGE`. */
export type Errors = Readonly<Record<string, ErrorEntry>>;
