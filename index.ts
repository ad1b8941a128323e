import * as pulumi from "@pulumi/pulumi";
import { UserError } from "./model/errors.ts";
import { HOSTS, isHostName } from "./model/host-names.ts";
import { observe, readStackSettings } from "./stacks/context.ts";
import { endWithEngine } from "./stacks/end-with-engine.ts";
import { realiseStack } from "./stacks/host.ts";
import { machineStands } from "./stacks/machine.ts";

/**
 * The Pulumi program: realises the host that the stack is named after; answers its outputs.
 * @param checkout folder that the program was loaded from
 */
export async function program(checkout: string): Promise<Record<string, unknown>> {
  endWithEngine();
  const stack = pulumi.getStack();
  try {
    if (!isHostName(stack)) {
      throw new UserError(
        "HL-STACK",
        `"${stack}" is not a stack; the stacks are ${HOSTS.join(", ")}`,
      );
    }
    const settings = await readStackSettings(stack, checkout);
    if (!(await machineStands(settings))) return {};
    return await realiseStack(await observe(settings));
  } catch (error) {
    // A RunError is printed as its message alone: the person's mistake, not this program's stack.
    if (error instanceof Error && "code" in error) throw new pulumi.RunError(error.message);
    throw error;
  }
}
