import { createRequire } from "node:module";
/**
 * A TypeScript file in the form of the house. Prettier is a development dependency: where it is not
 * installed, the text stays as it was made, which is nearly that form. It is found as it is needed,
 * so that it is no part of the one file that the commands are loaded from.
 */
export async function formatted(text: string): Promise<string> {
  try {
    const { format } = createRequire(import.meta.url)("prettier") as typeof import("prettier");
    return await format(text, { parser: "typescript", printWidth: 100 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return text;
    throw error;
  }
}
