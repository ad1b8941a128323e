import { findDrift } from "../drift/drift.ts";
import type { DeclaredHost } from "../drift/look-at-host.ts";
import type { Inputs } from "./inputs.ts";
import type { Receipt } from "./receipt.ts";

/**
 * Whether a host is as the last deployment left it, and another one would be made from the same.
 * @param last the newest receipt
 * @param inputs what a deployment would be made from now
 */
export async function isAsDeployed(
  declared: DeclaredHost,
  last: Receipt | undefined,
  inputs: Inputs | undefined,
): Promise<boolean> {
  if (!madeFrom(last, inputs)) return false;
  const { hosts } = await findDrift([declared]);
  return hosts.every(({ verdict }) => verdict === "none");
}

/** Whether a deployment was made from just this, and nobody deployed since. */
export function madeFrom(last: Receipt | undefined, inputs: Inputs | undefined): boolean {
  if (last?.only !== null || !last.inputs || !inputs) return false;
  return last.inputs.digest === inputs.digest && last.inputs.updated === inputs.updated;
}
