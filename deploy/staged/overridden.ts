import { overriddenHost, withOverrides } from "../../compose/override/override.ts";
import { overridesText } from "../../compose/override/text.ts";
import type { OverrideFiles } from "../../model/override-files.ts";
import type { DeclaredHost } from "../drift/look-at-host.ts";

/** What a run goes by: all hosts, and what a person overrides on the one that is deployed. */
export interface OverriddenFleet {
  readonly fleet: readonly DeclaredHost[];
  readonly declared: DeclaredHost;
  /** In words, without values; undefined where nothing is overridden. */
  readonly overridden: string | undefined;
}

/**
 * The fleet with what is overridden on one host.
 * @throws UserError HL-OVERRIDE with every mistake
 */
export function fleetWithOverrides(
  fleet: readonly DeclaredHost[],
  found: DeclaredHost,
  files: OverrideFiles,
): OverriddenFleet {
  const { host } = found.declaration;
  const declared = { ...found, declaration: withOverrides(found.declaration, files) };
  const { overridden } = overriddenHost(found.declaration, files);
  return {
    fleet: fleet.map((one) => (one === found ? declared : one)),
    declared,
    overridden: overridden.length === 0 ? undefined : overridesText(host, overridden),
  };
}
