/**
 * A TypeScript file in the form of the house. Prettier is a development dependency: where it is not
 * installed, the text stays as it was made, which is nearly that form.
 */
export async function formatted(text: string): Promise<string> {
  try {
    const { format } = await import("prettier");
    return await format(text, { parser: "typescript", printWidth: 100 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") return text;
    throw error;
  }
}
