import * as pulumi from "@pulumi/pulumi";
import { UserError } from "./model/errors.ts";
import { HOSTS, isHostName } from "./model/host-names.ts";
import { readStackContext } from "./stacks/context.ts";
import { dockerVm } from "./stacks/docker-vm.ts";
import { nas } from "./stacks/nas.ts";
import { vps } from "./stacks/vps.ts";

const STACKS = { vps, nas, "docker-vm": dockerVm };

/**
 * The Pulumi program: realises the host that the stack is named after; answers its outputs.
 * @param checkout folder that the program was loaded from
 */
export async function program(checkout: string): Promise<Record<string, unknown>> {
  const stack = pulumi.getStack();
  try {
    if (!isHostName(stack)) {
      throw new UserError(
        "HL-STACK",
        `"${stack}" is not a stack; the stacks are ${HOSTS.join(", ")}`,
      );
    }
    return STACKS[stack](await readStackContext(stack, checkout));
  } catch (error) {
    // A RunError is printed as its message alone: the person's mistake, not this program's stack.
    if (error instanceof Error && "code" in error) throw new pulumi.RunError(error.message);
    throw error;
  }
}
