import * as pulumi from "@pulumi/pulumi";
import type { HostName } from "../model/host-names.ts";

/** Reads what other stacks hand over. */
export interface StackOutputs {
  /** An output of another stack; an error that names the command where it is not deployed. */
  readonly output: (stack: HostName, name: string) => pulumi.Output<string>;
  /** An output of another stack, undefined where it is not deployed. */
  readonly outputIfAny: (stack: HostName, name: string) => pulumi.Output<string | undefined>;
}

/**
 * Outputs of the other stacks of this project, each stack referenced once. They belong to the
 * organization that this stack belongs to: with Pulumi Cloud a real one, everywhere else
 * "organization".
 */
export function stackOutputs(): StackOutputs {
  const references = new Map<HostName, pulumi.StackReference>();
  const outputIfAny: StackOutputs["outputIfAny"] = (stack, name) => {
    const reference =
      references.get(stack) ??
      new pulumi.StackReference(`${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`);
    references.set(stack, reference);
    return reference
      .getOutput(name)
      .apply((value: unknown) => (typeof value === "string" ? value : undefined));
  };
  const output: StackOutputs["output"] = (stack, name) =>
    outputIfAny(stack, name).apply((value) => {
      if (value !== undefined) return value;
      throw new pulumi.RunError(
        `stack "${stack}" has no output "${name}" yet; deploy it first: pulumi up -s ${stack}`,
      );
    });
  return { output, outputIfAny };
}
