import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import {
  buildValue,
  CONTROL_PLANE_PAGE,
  CONTROL_PLANE_PARTS,
  programValue,
} from "../components/monitoring/control-plane.plan.ts";
import { UserError } from "../model/errors.ts";
import type { StackContext } from "./context.ts";

/** Digits of a program's checksum that name it. */
const BUILD_DIGITS = 12;

/** The programs of the control plane and what names each, where the site has one. */
export function controlPlaneValues(
  context: StackContext,
): Readonly<Record<string, pulumi.Input<string>>> {
  if (!context.site.controlPlane) return {};
  const values = CONTROL_PLANE_PARTS.flatMap((part) => {
    const program = pulumi.output(context.controlPlaneProgram(part));
    return [
      [programValue(part), program] as const,
      [buildValue(part), program.apply(buildOf)] as const,
    ];
  });
  return Object.fromEntries(values);
}

function buildOf(program: string): string {
  return createHash("sha256").update(program).digest("hex").slice(0, BUILD_DIGITS);
}

/**
 * Sees to it that ntfy can have its port back: Pulumi makes what is declared before it removes what
 * is not, so ntfy would lose its container and get no other.
 * @throws UserError HL-CONTROL-PLANE while the page of a control plane that was turned off is there
 */
export function expectPortIsFree({
  site,
  observation,
}: Pick<StackContext, "site" | "observation">): void {
  if (site.controlPlane || observation.containers[CONTROL_PLANE_PAGE]?.labelled !== true) return;
  throw new UserError(
    "HL-CONTROL-PLANE",
    `the control plane is turned off, and its page still has a port on vps that ntfy gets back. Nothing was changed. Remove the page first, then repeat: ssh vps docker rm --force ${CONTROL_PLANE_PAGE}`,
  );
}
