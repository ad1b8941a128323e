// Reads what a script on a host printed.

/** What follows a word on each line that begins with it: "caddy" for "started" of "started caddy". */
export function after(lines: readonly string[], word: string): string[] {
  return lines.flatMap((line) =>
    line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : [],
  );
}

/** The last line, where programs mostly say why they failed; empty when they said nothing. */
export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
