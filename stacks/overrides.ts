import * as pulumi from "@pulumi/pulumi";
import { overriddenHost, withOverrides } from "../compose/override/override.ts";
import { overridesText } from "../compose/override/text.ts";
import type { DeclaredApp } from "../model/app.ts";
import type { HostName } from "../model/host-names.ts";
import type { OverrideFiles } from "../model/override-files.ts";
import type { Fleet } from "../household/fleet.plan.ts";

/**
 * All hosts with what a person overrides on one of them; the very same where nothing is overridden.
 * @throws UserError HL-OVERRIDE with every mistake
 */
export function fleetWithOverrides(fleet: Fleet, host: HostName, files: OverrideFiles): Fleet {
  const { apps, declaration } = fleet[host];
  const there = withOverrides(declaration, files);
  if (there === declaration) return fleet;
  const services = new Map(there.services.map((service) => [service.name, service]));
  const withThem = (app: DeclaredApp): DeclaredApp => ({
    ...app,
    services: app.services.map((service) => {
      const found = services.get(service.name);
      if (!found) return service;
      const { phase: _phase, ...own } = found;
      return own;
    }),
  });
  const own = Object.entries(apps).map(([name, app]) => [name, withThem(app)] as const);
  return { ...fleet, [host]: { apps: Object.fromEntries(own), declaration: there } };
}

/** Says in each preview and deployment what is overridden, so that nobody looks for it in the checkout. */
export async function tellOverrides(
  fleet: Fleet,
  host: HostName,
  files: OverrideFiles,
): Promise<void> {
  const { overridden } = overriddenHost(fleet[host].declaration, files);
  if (overridden.length > 0) await pulumi.log.info(overridesText(host, overridden));
}
