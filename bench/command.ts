import { InvalidArgumentError } from "commander";
import { HostError, UserError } from "../model/errors.ts";

/**
 * A count as an option's text.
 * @throws InvalidArgumentError
 */
export function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("must be a whole number above 0");
}

/** What an error says, in one line. */
export function firstLines(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .slice(0, 3)
    .join(" ");
}

/** Runs a command of this folder; an error that a person can act on is one line, without a trace. */
export function runCommand(name: string, main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    const known = error instanceof HostError || error instanceof UserError;
    const text = known ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${name}: ${text ?? ""}\n`);
    // Not just the exit code: what was watching when the measurement failed would go on for ever.
    process.exit(1);
  });
}
