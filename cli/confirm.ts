import { createInterface } from "node:readline/promises";
import { UserError } from "../model/errors.ts";

/**
 * Of a command that asks unless it is told not to, and has an answer for programs.
 * @throws UserError HL-CONFIRM when it would have to ask a program
 */
export function assertCanAsk({ json, yes }: { json: boolean; yes: boolean }): void {
  if (json && !yes) throw new UserError("HL-CONFIRM", "--json cannot ask; repeat with --yes");
}

/**
 * Asks a person; only "y" and "yes" count as yes.
 * @throws UserError HL-CONFIRM when there is nobody to ask
 */
export async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new UserError(
      "HL-CONFIRM",
      "this asks before it changes something, and nobody can answer here; repeat with --yes",
    );
  }
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await reader.question(question)).trim());
  } finally {
    reader.close();
  }
}
