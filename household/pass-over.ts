import type { DeclaredApp } from "../model/app.ts";
import type { HostDeclaration, Requirement } from "../model/declaration.ts";
import { requirementTarget } from "../model/graph.ts";
import type { HostName } from "../model/host-names.ts";
import type { Phase } from "./phase.ts";

/**
 * The phases without what their services would only like to wait for, and the household does not
 * have. What they cannot do without stays, and is a mistake that `validate` reports.
 * @param known all hosts; none while they are declared for the first time
 */
export function passOver(
  phases: readonly Phase[],
  host: HostName,
  known: readonly HostDeclaration[],
): Phase[] {
  const there = new Set(
    known.flatMap((one) => one.services.map(({ name }) => `${one.host}/${name}`)),
  );
  const isAbsent = ({ on, strength, declared }: Requirement) =>
    strength === "soft" &&
    declared !== true &&
    !on.startsWith("gate:") &&
    !there.has(requirementTarget(host, on));
  const following = (app: DeclaredApp): DeclaredApp => ({
    ...app,
    services: app.services.map((service) =>
      service.requires?.some(isAbsent)
        ? { ...service, requires: service.requires.filter((one) => !isAbsent(one)) }
        : service,
    ),
  });
  return phases.map(({ phase, apps }) => ({
    phase,
    apps: Object.fromEntries(Object.entries(apps).map(([name, app]) => [name, following(app)])),
  }));
}
