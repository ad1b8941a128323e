// What a key means. None of them does anything to a host: the most that one opens is a dialog.

/** What a key means. */
export type KeyMeaning =
  "search" | "next" | "previous" | "open" | "approve" | "reject" | "help" | "live" | "leave";

const MEANINGS: Readonly<Record<string, KeyMeaning>> = {
  "/": "search",
  j: "next",
  k: "previous",
  Enter: "open",
  a: "approve",
  r: "reject",
  l: "live",
  "?": "help",
  Escape: "leave",
};

/** A key that was pressed. */
export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/**
 * What it means; undefined for nothing.
 * @param isTyping whether somebody writes: then only Escape means something
 */
export function keyMeaning(
  { key, ctrlKey, altKey, metaKey }: Pressed,
  isTyping: boolean,
): KeyMeaning | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  const meaning = Object.hasOwn(MEANINGS, key) ? MEANINGS[key] : undefined;
  return isTyping && meaning !== "leave" ? undefined : meaning;
}
