import { MASK, maskAddresses, SHORTEST_SECRET } from "../../hosts/masking.ts";
import { containerInputs } from "../../model/container-inputs.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import { imageOf } from "../../hosts/engine/container-changes.ts";
import { envMap } from "../../hosts/engine/facts.ts";
import type { InspectedContainer } from "../../hosts/engine/inspect.ts";
import type { HostLook } from "../drift/look.ts";

/** Longest quotation; what a program says last tells most. */
const LONGEST = 300;

/** A text of a host in one line that cannot move a terminal's cursor: its end, when it is long. */
export function oneLine(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  return plain.length > LONGEST ? `…${plain.slice(1 - LONGEST)}` : plain;
}

/** The same of what a container said, without what may be a secret of it. */
export function quoted(text: string, secrets: readonly string[]): string {
  // Longest first: one may be part of another.
  const known = [...secrets].sort((a, b) => b.length - a.length);
  const masked = known.reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
  return oneLine(maskAddresses(masked));
}

/**
 * Values of a container's environment and labels that nobody declared and no image brings along.
 * Ours have no secret there: those are in files, which nobody reads here.
 */
export function secretsIn(
  container: InspectedContainer,
  host: HostDeclaration,
  service: ServiceDeclaration,
  look: HostLook,
): string[] {
  const image = imageOf(container, look.images)?.Config;
  const inputs = containerInputs(host, service, look.observation.devices);
  const known = new Set([
    ...envMap([...inputs.env, ...(image?.Env ?? [])]).values(),
    ...Object.values({ ...inputs.labels, ...image?.Labels }),
  ]);
  return [
    ...envMap(container.Config.Env ?? []).values(),
    ...Object.values(container.Config.Labels ?? {}),
  ].filter((value) => value.length >= SHORTEST_SECRET && !known.has(value));
}
