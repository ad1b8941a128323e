import { relative } from "node:path";

/** Imports of a file, as the house writes them. `type` stands before the name of what is no value. */
export function importLines(
  imports: readonly { readonly module: string; readonly names: readonly string[] }[],
  folder: string,
): string {
  return imports
    .map(({ module, names }) => {
      const path = relative(folder, module);
      const from = path.startsWith(".") ? path : `./${path}`;
      const types = names.every((name) => name.startsWith("type "));
      const list = types ? names.map((name) => name.slice("type ".length)) : names;
      return `import ${types ? "type " : ""}{ ${list.join(", ")} } from "${from}";\n`;
    })
    .join("");
}
