import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import {
  buildValue,
  CONTROL_PLANE_PARTS,
  programValue,
} from "../components/monitoring/control-plane.plan.ts";
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
