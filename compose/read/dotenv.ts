/** One line of an environment file. */
export interface EnvEntry {
  readonly name: string;
  /** Undefined for a name alone, which Compose takes from the shell. */
  readonly value: string | undefined;
  /** Whether variables in it are filled in; not where single quotes stand around it. */
  readonly filled: boolean;
  readonly line: number;
}

const ENTRY = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*(?:[=:]\s*([\s\S]*))?$/;

/**
 * The entries of an environment file as Compose reads it: `NAME=value`, quotes, `export`, comments
 * (The Compose Specification, "Env_file format"). A line that is none of this is answered as a
 * number, for its content may be a secret.
 */
export function readEnvFile(text: string): (EnvEntry | number)[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const entries: (EnvEntry | number)[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] ?? "").trim();
    if (line === "" || line.startsWith("#")) continue;
    const [, name, given] = ENTRY.exec(line) ?? [];
    if (name === undefined) {
      entries.push(at + 1);
      continue;
    }
    let raw = given;
    const start = at;
    const quote = raw?.[0];
    if (raw !== undefined && (quote === '"' || quote === "'")) {
      // A value in quotes goes on until they close, over lines too.
      while (closing(raw, quote) < 0 && at + 1 < lines.length) {
        at += 1;
        raw += `\n${lines[at] ?? ""}`;
      }
    }
    entries.push({
      name,
      line: start + 1,
      ...(raw === undefined ? { value: undefined, filled: false } : valueOf(raw)),
    });
  }
  return entries;
}

function valueOf(raw: string): Pick<EnvEntry, "value" | "filled"> {
  const quote = raw[0];
  const end = quote === '"' || quote === "'" ? closing(raw, quote) : -1;
  if (end > 0) {
    const inside = raw.slice(1, end);
    return quote === "'"
      ? { value: inside.replaceAll("\\'", "'"), filled: false }
      : { value: unescaped(inside), filled: true };
  }
  return { value: raw.replace(/(^|\s)#.*$/s, "").trim(), filled: true };
}

/** Where the quote that the text begins with closes; -1 when it does not. */
function closing(text: string, quote: string): number {
  for (let at = 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === quote) return at;
  }
  return -1;
}

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
  return text.replaceAll(/\\(.)/gs, (_, char: string) => named[char] ?? char);
}
