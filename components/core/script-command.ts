import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { digestOf, handOver, RUN_SCRIPT, type HandedScript } from "./handed-script.ts";

/** What differs between the commands of this program; the rest is the same for all. */
export interface ScriptCommandArgs extends Pick<
  command.local.CommandArgs,
  "update" | "delete" | "triggers" | "logging"
> {
  /** Shell command on one line, run where Pulumi runs: as a rule `runScript`. */
  readonly run: string;
  /** What it is given on its standard input; may be secret, for nothing of it is an argument. */
  readonly script: pulumi.Input<string>;
}

/**
 * A command on this computer. Of its script Pulumi knows no more than the digest: by that a changed
 * one is seen, and the text comes from the program when it runs. What a deletion runs is known in
 * whole, because the checkout that wrote it may be gone by then. What it complains of is shown, and
 * it is not told its last output.
 */
export function scriptCommand(
  name: string,
  { run, script, ...args }: ScriptCommandArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return new command.local.Command(
    name,
    {
      logging: "stderr",
      ...args,
      create: RUN_SCRIPT,
      stdin: pulumi.output(script).apply((text) => handed(name, { run, script: text })),
      addPreviousOutputInEnv: false,
    },
    opts,
  );
}

/** A preview runs nothing, so that its scripts lie nowhere. */
function handed(name: string, script: HandedScript): string {
  if (!pulumi.runtime.isDryRun()) handOver(script);
  return scriptReference(name, script);
}

/** What Pulumi knows of a script: the standard input of its command. */
export function scriptReference(name: string, script: HandedScript): string {
  return `${name} ${digestOf(script)}`;
}
