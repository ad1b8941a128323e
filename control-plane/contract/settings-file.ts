// The file that a part is started with: JSON, read once, at its start.
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { UserError } from "../../model/errors.ts";

/**
 * Reads the settings of a part.
 * @param code of the part's errors, e.g. "HL-OBSERVER"
 * @throws UserError with this code, and the path of each mistake
 */
export async function readSettingsFile<Settings>(
  path: string,
  schema: z.ZodType<Settings>,
  code: string,
): Promise<Settings> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(code, `${path} cannot be read: ${reason}`);
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  throw new UserError(code, `${path} has mistakes:\n${z.prettifyError(error)}`);
}
