/** What a text with variables is filled in from. */
export interface Variables {
  /** Value of a variable; undefined when it is not set. */
  readonly valueOf: (name: string) => string | undefined;
  /**
   * Text that stands for a variable in place of its value, for one that looks like a secret: its
   * value never gets into what is read. Undefined for all others.
   */
  readonly hidden: (name: string, value: string | undefined) => string | undefined;
  /** Hears of a variable that is not set and has no default; Compose takes an empty text then. */
  readonly unset: (name: string) => void;
  /** Hears of what Compose would refuse. */
  readonly refuse: (message: string) => void;
}

/** `:` in front: an empty value counts as none. */
const OPERATORS = [":-", ":?", ":+", "-", "?", "+"] as const;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

/**
 * A text of a Compose file with its variables filled in: `$NAME`, `${NAME}`, `:-` and `-` for a
 * default, `:?` and `?` for one that has to be there, `:+` and `+` for another text, `$$` for a `$`.
 * (The Compose Specification, "Interpolation".)
 */
export function interpolate(text: string, variables: Variables): string {
  let result = "";
  let rest = text;
  for (let at = rest.indexOf("$"); at >= 0; at = rest.indexOf("$")) {
    result += rest.slice(0, at);
    rest = rest.slice(at + 1);
    if (rest.startsWith("$")) {
      result += "$";
      rest = rest.slice(1);
    } else if (rest.startsWith("{")) {
      const end = closingBrace(rest);
      if (end < 0) {
        variables.refuse("has a ${ without its }; write $$ for a plain $");
        return result;
      }
      result += expression(rest.slice(1, end), variables);
      rest = rest.slice(end + 1);
    } else {
      const name = NAME.exec(rest)?.[0];
      if (name === undefined) {
        variables.refuse("has a $ before something that is no variable; write $$ for a plain $");
        return result;
      }
      result += plain(name, variables);
      rest = rest.slice(name.length);
    }
  }
  return result + rest;
}

/** Where the brace closes that the text begins with; -1 when it does not. */
function closingBrace(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "{" && (at === 0 || text[at - 1] === "$")) depth += 1;
    else if (text[at] === "}") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

function plain(name: string, variables: Variables): string {
  const value = variables.valueOf(name);
  const hidden = variables.hidden(name, value);
  if (hidden !== undefined) return hidden;
  if (value === undefined) variables.unset(name);
  return value ?? "";
}

function expression(inside: string, variables: Variables): string {
  const name = NAME.exec(inside)?.[0];
  const rest = inside.slice(name?.length ?? 0);
  const operator = OPERATORS.find((one) => rest.startsWith(one));
  if (name === undefined || (rest !== "" && operator === undefined)) {
    variables.refuse("has a ${…} that is no variable; write $$ for a plain $");
    return "";
  }
  if (operator === undefined) return plain(name, variables);
  const other = rest.slice(operator.length);
  const found = variables.valueOf(name);
  const value = operator.startsWith(":") && found === "" ? undefined : found;
  switch (operator) {
    case ":-":
    case "-": {
      if (value === undefined && other === "") return variables.hidden(name, undefined) ?? "";
      const filled = value ?? interpolate(other, variables);
      return variables.hidden(name, filled) ?? filled;
    }
    case ":+":
    case "+":
      return value === undefined ? "" : interpolate(other, variables);
    case ":?":
    case "?": {
      const hidden = variables.hidden(name, value);
      if (hidden !== undefined) return hidden;
      if (value === undefined) {
        const said = other === "" ? "" : ` (${other})`;
        variables.refuse(`needs the variable ${name}${said}; set it in .env or with --env-file`);
      }
      return value ?? "";
    }
  }
}
