import { createInterface } from "node:readline/promises";
import { UserError } from "../model/errors.ts";

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
