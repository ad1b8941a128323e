// What is run, as it is declared: the sandbox's household, without a deployment of it.
import { parseSite } from "../../model/site.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import { HOSTS } from "../../model/host-names.ts";
import { declareFleet } from "../../household/fleet.plan.ts";
import { sandboxConfig } from "../../sandbox/project.ts";
import type { SandboxSettings } from "../../sandbox/settings.ts";

/** All hosts of the sandbox's household. */
export function declaredHosts(settings: SandboxSettings): readonly HostDeclaration[] {
  return HOSTS.map((host) => {
    const site = parseSite(sandboxConfig(settings, host)["homelab:site"]);
    return declareFleet(site)[host].declaration;
  });
}

/** A declared service, and the host that it is declared on. */
export interface Declared {
  readonly host: HostDeclaration;
  readonly service: ServiceDeclaration;
}

/** @param id "host/name" @throws Error when nothing declares it */
export function declaredService(hosts: readonly HostDeclaration[], id: string): Declared {
  const [at, name] = id.split("/");
  const host = hosts.find((one: { readonly host: string }) => one.host === at);
  const service = host?.services.find((one) => one.name === name);
  if (!host || !service) throw new Error(`nothing declares "${id}"`);
  return { host, service };
}

/**
 * A host with the named services and what they cannot be without, and nothing else, in the declared
 * start order. What another host or a gate has to give is no part of a run.
 */
export function hostOf(host: HostDeclaration, names: readonly string[]): HostDeclaration {
  const wanted = new Set<string>();
  const want = (name: string): void => {
    const service = host.services.find((one) => one.name === name);
    if (!service || wanted.has(name)) return;
    wanted.add(name);
    for (const { on, strength } of service.requires ?? []) if (strength === "hard") want(on);
  };
  names.forEach(want);
  return { ...host, services: host.services.filter(({ name }) => wanted.has(name)) };
}
