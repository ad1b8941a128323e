import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

/** What differs between the commands of this program; the rest is the same for all. */
export type ScriptCommandArgs = Pick<
  command.local.CommandArgs,
  "create" | "update" | "delete" | "stdin" | "triggers"
>;

/**
 * A command on this computer, as a rule `runScript`, that reads its script from standard input:
 * nothing secret stands in an argument list. What it prints is shown and not kept, and it is not
 * told its last output.
 */
export function scriptCommand(
  name: string,
  args: ScriptCommandArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return new command.local.Command(
    name,
    { ...args, logging: "stderr", addPreviousOutputInEnv: false },
    opts,
  );
}
