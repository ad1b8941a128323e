/** The last line of a text, where programs mostly say why they failed; empty when they said nothing. */
export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
