/** Words after which another command begins, or that are no command at all. */
const KEYWORDS = new Set(["if", "then", "elif", "else", "while", "until", "do", "!", "{", "time"]);
/** What a shell brings itself, and words that end a command which began before. */
const BUILTINS = new Set(
  "[ : . alias break case cd command continue done echo esac eval exit export false fi for kill local printf pwd read readonly return set shift test trap true type ulimit umask unset wait }".split(
    " ",
  ),
);

/**
 * The programs that a line of shell plainly starts, each once: the first word of each command.
 * What only shows when it runs (a name in a variable, a program that another one starts) is not
 * found, and the shell's own commands are left out.
 */
export function shellPrograms(line: string): string[] {
  return [...new Set(commandsOf(line).flatMap(programOf))];
}

/** Commands of a line, as words without redirections; those inside $(…) come too. */
function commandsOf(line: string): string[][] {
  const inner: string[][] = [];
  const commands: string[][] = [[]];
  let word: string | undefined;
  let target = false;
  const endWord = (): void => {
    if (word !== undefined && !target) commands.at(-1)?.push(word);
    if (word !== undefined) target = false;
    word = undefined;
  };
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    const nested = substitutionAt(line, at);
    if (nested) {
      inner.push(...commandsOf(nested.text));
      word = `${word ?? ""}$`;
      at = nested.end;
    } else if (char === "'" || char === '"') {
      const quoted = quotedAt(line, at);
      inner.push(...quoted.commands);
      word = (word ?? "") + quoted.text;
      at = quoted.end;
    } else if (char === "\\") {
      word = (word ?? "") + line.charAt(++at);
    } else if (/[<>]/.test(char)) {
      // "2>" is no word of its own.
      if (/^\d+$/.test(word ?? "")) word = undefined;
      endWord();
      while (/[<>&|]/.test(line.charAt(at + 1))) at++;
      target = true;
    } else if (/[;&|()\n]/.test(char)) {
      endWord();
      commands.push([]);
    } else if (/\s/.test(char)) {
      endWord();
    } else {
      word = (word ?? "") + char;
    }
  }
  endWord();
  return [...commands, ...inner];
}

function programOf(words: readonly string[]): string[] {
  const [first, ...others] = words.filter((word) => !/^[A-Za-z_]\w*=/.test(word));
  if (first === undefined) return [];
  if (KEYWORDS.has(first) || first === "exec") return programOf(others);
  return BUILTINS.has(first) || first.includes("$") ? [] : [first];
}

/** A command substitution that begins here: its text, and where it ends. */
function substitutionAt(line: string, at: number): { text: string; end: number } | undefined {
  if (line.charAt(at) === "`") {
    const end = line.indexOf("`", at + 1);
    return {
      text: line.slice(at + 1, end < 0 ? undefined : end),
      end: end < 0 ? line.length : end,
    };
  }
  if (!line.startsWith("$(", at)) return undefined;
  let depth = 1;
  let end = at + 2;
  for (; end < line.length && depth > 0; end++) {
    if (line.charAt(end) === "(") depth++;
    if (line.charAt(end) === ")") depth--;
  }
  // $((…)) is a sum, and holds no command.
  const text = line.startsWith("$((", at) ? "" : line.slice(at + 2, end - 1);
  return { text, end: end - 1 };
}

/** A quoted part that begins here: its text, the commands in it, and where it ends. */
function quotedAt(line: string, at: number): { text: string; commands: string[][]; end: number } {
  const quote = line.charAt(at);
  const commands: string[][] = [];
  let text = "";
  let end = at + 1;
  for (; end < line.length && line.charAt(end) !== quote; end++) {
    const nested = quote === '"' ? substitutionAt(line, end) : undefined;
    if (nested) {
      commands.push(...commandsOf(nested.text));
      text += "$";
      end = nested.end;
    } else if (quote === '"' && line.charAt(end) === "\\") {
      text += line.charAt(++end);
    } else {
      text += line.charAt(end);
    }
  }
  return { text, commands, end };
}
