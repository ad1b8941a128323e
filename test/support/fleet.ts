import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import { HOSTS, type HostName } from "../../model/host-names.ts";
import { secretsAmong } from "../../model/host-secrets.ts";
import { contractOf, contractsOf } from "../../model/image-catalogue.ts";
import type { ImageContract } from "../../model/image-contract.ts";
import { declareFleet } from "../../household/fleet.plan.ts";
import { site } from "./site.ts";

const fleet = declareFleet(site);

/** All hosts as data, in the order they are deployed. */
export const hosts: readonly HostDeclaration[] = HOSTS.map((host) => fleet[host].declaration);

const everything = declareFleet({ ...site, controlPlane: { keepDays: 30, signers: [] } });

/** The same with what is off where nobody asks for it. */
export const hostsWithEverything: readonly HostDeclaration[] = HOSTS.map(
  (host) => everything[host].declaration,
);

/** What all images ask of who runs them. */
export const IMAGE_CONTRACTS = contractsOf(hostsWithEverything);

/** What is known of every secret. */
export const SECRETS = secretsAmong(hosts);

/** The contract of an image by its reference, if it has one. */
export function imageContract(reference: string): ImageContract | undefined {
  return contractOf(reference, IMAGE_CONTRACTS);
}

/** One host as data. */
export function hostNamed(host: HostName): HostDeclaration {
  return fleet[host].declaration;
}

/** A service by "host/name"; fails the test when there is none. */
export function service(id: string): ServiceDeclaration {
  const [host, name] = id.split("/");
  const found = hosts.find((one) => one.host === host)?.services.find((one) => one.name === name);
  if (!found) throw new Error(`nothing declares "${id}"`);
  return found;
}

/** What a service requires, e.g. "mosquitto healthy", "gate:dri open softly". */
export function needs(id: string): string[] {
  return (service(id).requires ?? []).map(({ on, condition, strength }) => {
    const state = on.startsWith("gate:") ? "open" : condition;
    return `${on} ${state}${strength === "soft" ? " softly" : ""}`;
  });
}

/** Networks that a service joins. */
export function networks(id: string): string[] {
  return service(id).networks.map(({ name }) => name);
}

/** Networks that a host makes before any of its services. */
export function hostNetworks(host: HostName): string[] {
  return hostNamed(host).networks.map(({ name }) => name);
}

/** The stacks whose services join a network, in start order. */
export function stacksOn(host: HostName, network: string): string[] {
  const members = hostNamed(host).services.filter((one) =>
    one.networks.some(({ name }) => name === network),
  );
  return [...new Set(members.map(({ stack }) => stack))];
}

/** The stacks of a host in start order, e.g. "4 networking/pihole". */
export function stacksInOrder(host: HostName): string[] {
  return [...new Set(hostNamed(host).services.map(({ phase, stack }) => `${phase} ${stack}`))];
}

/** Services of a stack, in start order. */
export function servicesOf(host: HostName, stack: string): string[] {
  return hostNamed(host)
    .services.filter((one) => one.stack === stack)
    .map(({ name }) => name);
}

/** Secrets that a service gets as files. */
export function secretFiles(id: string): string[] {
  return (service(id).files ?? []).flatMap(({ content }) => {
    if (content.kind === "secret") return [content.secret];
    if (content.kind !== "template") return [];
    return [...content.template.matchAll(/\{\{([a-z0-9-]+)\}\}/g)].map((match) => match[1] ?? "");
  });
}
