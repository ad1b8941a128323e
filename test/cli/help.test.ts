import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { buildProgram } from "../../cli/main.ts";

const program = await buildProgram(["node", "homelab", "complete"]);
// The package that completes words brings its own command's help.
const commands = leaves(program).filter((command) => command.name() !== "complete");

/** Commands that do something, all groups gone through. */
function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

/** The command's words, e.g. "backup list". */
function pathOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${pathOf(parent)} ${command.name()}` : command.name();
}

function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

/** The example lines at the end of a help. */
function examplesOf(command: Command): string[] {
  const [, after] = helpOf(command).split(/^Examples?:\n/m);
  return (after ?? "").split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
}

describe("the help of each command", () => {
  it.each(commands.map((command) => [pathOf(command), command] as const))(
    "%s ends with an example that the command takes",
    (path, command) => {
      const examples = examplesOf(command);
      expect(examples).not.toEqual([]);
      for (const line of examples) {
        const words = line.replace(/^eval "\$\((.*)\)"$/, "$1").match(/"[^"]*"|\S+/g) ?? [];
        const start = ["npx", "homelab", ...path.split(" ")];
        expect(words.slice(0, start.length)).toEqual(start);
        const { operands, unknown } = command.parseOptions(words.slice(start.length));
        expect(unknown, line).toEqual([]);
        const needed = command.registeredArguments.filter(({ required }) => required);
        expect(operands.length, line).toBeGreaterThanOrEqual(needed.length);
        const isMany = command.registeredArguments.some(({ variadic }) => variadic);
        if (!isMany)
          expect(operands.length).toBeLessThanOrEqual(command.registeredArguments.length);
      }
    },
  );
});
