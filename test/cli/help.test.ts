import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { describe, expect, it } from "vitest";
import { allCommands, helpOf } from "./support/commands.ts";

const commands = await allCommands();

/** The example lines at the end of a help. */
function examplesOf(command: CommandUnknownOpts): string[] {
  const [, after] = helpOf(command).split(/^Examples?:\n/m);
  return (after ?? "").split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
}

describe("the help of each command", () => {
  it.each(commands)("$words ends with an example that the command takes", ({ words, command }) => {
    const examples = examplesOf(command);
    expect(examples).not.toEqual([]);
    for (const line of examples) {
      const typed = line.replace(/^eval "\$\((.*)\)"$/, "$1").match(/"[^"]*"|\S+/g) ?? [];
      const start = ["npx", "homelab", ...words.split(" ")];
      expect(typed.slice(0, start.length)).toEqual(start);
      const { operands, unknown } = command.parseOptions(typed.slice(start.length));
      expect(unknown, line).toEqual([]);
      const needed = command.registeredArguments.filter(({ required }) => required);
      expect(operands.length, line).toBeGreaterThanOrEqual(needed.length);
      const isMany = command.registeredArguments.some(({ variadic }) => variadic);
      if (!isMany) expect(operands.length).toBeLessThanOrEqual(command.registeredArguments.length);
    }
  });

  it.each(commands)("$words types a whole command line nowhere else", ({ command }) => {
    const [before = ""] = helpOf(command).split(/^Examples?:\n/m);
    expect(before.split("\n").filter((line) => /^\s+npx /.test(line))).toEqual([]);
  });

  it.each(commands)("$words says in a few words what each option is for", ({ command }) => {
    const said = [command.description(), ...command.options.map(({ description }) => description)];
    for (const text of said) {
      expect(text).not.toBe("");
      // It stands in a list: no sentence with a capital and a full stop, but for names.
      expect(text).not.toMatch(/^[A-Z][a-z]+ (?!Pulumi)|\.$/);
    }
  });
});
