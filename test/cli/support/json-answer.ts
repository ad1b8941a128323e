import { expect } from "vitest";
import { failureSchema } from "../../../cli/failure.ts";
import { jsonCommands } from "../../../cli/json-reference.ts";
import { buildProgram } from "../../../cli/main.ts";

/**
 * What a command line with `--json` printed, read by the schema that the command's definition names.
 * Fails for a field that the schema does not know, too.
 * @param words as typed after `homelab`
 */
export async function jsonAnswer<Answer = unknown>(
  words: readonly string[],
  stdout: string,
): Promise<Answer> {
  const value: unknown = JSON.parse(stdout);
  const isFailure = typeof value === "object" && value !== null && "error" in value;
  const schema = isFailure ? failureSchema : await schemaOf(words);
  // Schemas of records on disk pass over what they do not know; an answer has nothing of that.
  expect(value).toEqual(schema.parse(value));
  return value as Answer;
}

async function schemaOf(words: readonly string[]) {
  const program = await buildProgram(["node", "homelab", ...words]);
  const found = jsonCommands(program)
    .filter((each) => `${words.join(" ")} `.startsWith(`${each.words} `))
    .toSorted((one, other) => other.words.length - one.words.length)[0];
  if (!found) throw new Error(`homelab ${words.join(" ")}: no command with a JsonOption`);
  return found.schema();
}
