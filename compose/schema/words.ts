/** Words of a command as a shell would split them; Compose does the same with a command in one text. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? "";
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "'" || char === '"') {
      const end = closing(line, at, char);
      const inside = line.slice(at + 1, end);
      word = (word ?? "") + (char === '"' ? inside.replaceAll(/\\(["\\$`])/g, "$1") : inside);
      at = end;
    } else if (char === "\\" && at + 1 < line.length) {
      at += 1;
      word = (word ?? "") + (line[at] ?? "");
    } else {
      word = (word ?? "") + char;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** Where a quote closes; the end of the line when it does not. */
function closing(line: string, start: number, quote: string): number {
  for (let at = start + 1; at < line.length; at += 1) {
    if (quote === '"' && line[at] === "\\") at += 1;
    else if (line[at] === quote) return at;
  }
  return line.length;
}
