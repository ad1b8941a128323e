import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

/** What differs between the commands of this program; the rest is the same for all. */
export type ScriptCommandArgs = Pick<
  command.local.CommandArgs,
  "create" | "update" | "delete" | "stdin" | "triggers" | "logging"
>;

/**
 * A command on this computer, as a rule `runScript`, that reads its script from standard input:
 * nothing secret stands in an argument list. What it complains of is shown, and it is not told its
 * last output.
 */
export function scriptCommand(
  name: string,
  args: ScriptCommandArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return new command.local.Command(
    name,
    { logging: "stderr", ...args, addPreviousOutputInEnv: false },
    opts,
  );
}
