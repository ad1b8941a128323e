import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { buildProgram } from "../../../cli/main.ts";

/** A command that does something, with the words that name it. */
export interface NamedCommand {
  /** E.g. "backup list". */
  readonly words: string;
  readonly command: CommandUnknownOpts;
}

/** All commands, those of the sandbox too; not the one of the package that completes words. */
export async function allCommands(): Promise<readonly NamedCommand[]> {
  const program = await buildProgram(["node", "homelab", "complete"]);
  return leaves(program, []).filter(({ words }) => words !== "complete");
}

function leaves(command: CommandUnknownOpts, parents: readonly string[]): NamedCommand[] {
  return command.commands.flatMap((each) => {
    const words = [...parents, each.name()];
    return each.commands.length === 0
      ? [{ words: words.join(" "), command: each }]
      : leaves(each, words);
  });
}

/** What `--help` of a command prints. */
export function helpOf(command: CommandUnknownOpts): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}
