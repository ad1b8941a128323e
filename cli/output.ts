/** What a command answers: text that may be piped on. Ends with one newline. */
export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** The same for programs: one JSON value. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}

/** What a person should know meanwhile: progress and remarks, kept out of what is piped on. */
export function note(text: string): void {
  process.stderr.write(text.endsWith("\n") ? text : `${text}\n`);
}
