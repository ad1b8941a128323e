import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { copyFiles } from "./copied-files.ts";
import { CHECKOUT } from "./rooms.ts";

/** What a guide says to do: a new file, a place in one that is there, another name, or no file any more. */
export type Step =
  | { readonly kind: "new"; readonly file: string; readonly text: string }
  | { readonly kind: "edit"; readonly file: string; readonly from: string; readonly to: string }
  | { readonly kind: "move"; readonly file: string; readonly to: string }
  | { readonly kind: "remove"; readonly file: string };

/**
 * The steps of a guide, in its order: each block of code below a line that names a file in bold, and
 * the blocks that follow it. A block "diff" is a place of that file, "sh" moves and removes files
 * with git, and any other is the whole of it.
 */
export function stepsOf(page: string): Step[] {
  const steps: Step[] = [];
  let file: string | undefined;
  for (const [, bold, language, code = ""] of page.matchAll(
    /^(?:\*\*([^*\n]+)\*\*|```(\w+)\n([\s\S]*?)^```)$/gm,
  )) {
    if (bold !== undefined) file = bold;
    else if (language === "sh") steps.push(...moves(code));
    else if (file !== undefined) steps.push(stepOf(file, language, code));
  }
  return steps;
}

function moves(code: string): Step[] {
  return code
    .trim()
    .split("\n")
    .flatMap((line): Step[] => {
      const [git, verb, ...files] = line.split(" ");
      const [file = "", to] = files;
      if (git === "git" && verb === "mv" && to !== undefined) return [{ kind: "move", file, to }];
      if (git === "git" && verb === "rm")
        return files.map((one) => ({ kind: "remove", file: one }));
      throw new Error(`no step that a test can take: ${line}`);
    });
}

function stepOf(file: string, language: string | undefined, code: string): Step {
  if (language !== "diff") return { kind: "new", file, text: code };
  const lines = code.trimEnd().split("\n");
  const without = (mark: string) =>
    lines
      .filter((line) => !line.startsWith(mark))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  return { kind: "edit", file, from: without("+"), to: without("-") };
}

/**
 * A copy of the checkout's files but for tests and docs, in a folder of its own, with the checkout's
 * packages.
 * @returns its path
 */
export function copyOfCheckout(): string {
  const folder = mkdtempSync(join(tmpdir(), "checkout-"));
  copyFiles(CHECKOUT, folder, (file) => !file.startsWith("test/") && !file.startsWith("docs/"));
  symlinkSync(join(CHECKOUT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/**
 * Does what the steps say.
 * @throws Error when a place is not there, or not once: the guide is then untrue
 */
export function follow(folder: string, steps: readonly Step[]): void {
  for (const step of steps) {
    const path = join(folder, step.file);
    if (step.kind === "move") {
      renameSync(path, join(folder, step.to));
      continue;
    }
    if (step.kind === "remove") {
      rmSync(path);
      continue;
    }
    if (step.kind === "new") {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, step.text, { flag: "wx" });
      continue;
    }
    const before = readFileSync(path, "utf8");
    if (before.split(step.from).length !== 2) {
      throw new Error(`${step.file} does not have this once:\n${step.from}`);
    }
    writeFileSync(
      path,
      before.replace(step.from, () => step.to),
    );
  }
}
