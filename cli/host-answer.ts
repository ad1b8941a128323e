// Reads what a script on a host printed.

/** What follows a word on each line that begins with it: "grafana" for "started" of "started grafana". */
export function after(lines: readonly string[], word: string): string[] {
  return lines.flatMap((line) =>
    line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : [],
  );
}
