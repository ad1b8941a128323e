import { problemText, type Problem } from "../model/problem.ts";

/** One thing that is wrong in a Compose file, or in a file that it names. */
export interface Mistake {
  /** File, as the person named it or as the Compose file does. */
  readonly file: string;
  /** Line in it, from 1; undefined when it is about the file as a whole. */
  readonly line?: number | undefined;
  /** Column in that line, from 1; undefined where the line alone is said. */
  readonly column?: number | undefined;
  /** Place in the file, e.g. "services.web.ports[0]"; "" for the file as a whole. */
  readonly path: string;
  /** What is wrong and what to write instead; never a value that may be a secret. */
  readonly message: string;
}

/** Keys and indexes from the top of a file to one place in it. */
export type Path = readonly (string | number)[];

/** A path as people write it, e.g. `services.web.ports[0]`. */
export function pathText(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join("");
}

/** A mistake with its place as one path: file, line and column as far as they are known, path. */
export function mistakeProblem({ file, line, column, path, message }: Mistake): Problem {
  const at = [file, line, column].filter((part) => part !== undefined).join(":");
  return { path: path === "" ? at : `${at}: ${path}`, message };
}

/** A mistake in one line. */
export function mistakeText(mistake: Mistake): string {
  return problemText(mistakeProblem(mistake));
}
