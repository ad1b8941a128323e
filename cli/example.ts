/**
 * What ends a command's help, for `addHelpText`: how it is typed.
 * @param lines command lines as a person types them, e.g. "npx homelab drift nas"
 */
export function example(...lines: readonly string[]): ["after", string] {
  return ["after", `\n${lines.length > 1 ? "Examples" : "Example"}:\n  ${lines.join("\n  ")}`];
}
