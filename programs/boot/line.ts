/** How bad a line is, as the journal counts. */
export type Level = "info" | "warning" | "error";

/** One line: a sentence for people, the same as fields for programs. */
export interface Line {
  readonly level: Level;
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
