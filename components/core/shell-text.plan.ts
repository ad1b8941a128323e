/** The text as one word of a POSIX shell, whatever it holds. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Several texts as words of a POSIX shell, with a blank between them. */
export function shellWords(texts: readonly string[]): string {
  return texts.map(shellWord).join(" ");
}
