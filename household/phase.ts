import type { DeclaredApp } from "../model/app.ts";
import type { ServiceDeclaration, VolumeDeclaration } from "../model/declaration.ts";
import type { ImageContract } from "../model/image-contract.ts";

/** Apps in start order, by the name of their component without its "-app", e.g. "home-assistant". */
export type Apps = Readonly<Record<string, DeclaredApp>>;

/** A phase of the documented order. */
export interface Phase {
  /** Its number on the deployment-order page (1: VPS, 2: NAS, 4 to 13: Docker VM). */
  readonly phase: number;
  readonly apps: Apps;
}

/** All apps of a host, in start order. */
export function appsIn(phases: readonly Phase[]): Apps {
  return Object.fromEntries(phases.flatMap(({ apps }) => Object.entries(apps)));
}

/**
 * An app by its name.
 * @throws Error when it is not there; `validate` says before to people who needs it
 */
export function appNamed(apps: Apps, name: string): DeclaredApp {
  const app = apps[name];
  if (!app) throw new Error(`"${name}" is not in the household`);
  return app;
}

/** What a host has of its apps, in start order. */
export function partsOf(phases: readonly Phase[]): {
  readonly services: readonly ServiceDeclaration[];
  readonly volumes: readonly VolumeDeclaration[];
  readonly contracts: readonly ImageContract[];
} {
  const plans = phases.flatMap(({ apps }) => Object.values(apps));
  return {
    services: phases.flatMap(({ phase, apps }) =>
      Object.values(apps).flatMap(({ services }) =>
        services.map((service) => ({ ...service, phase })),
      ),
    ),
    volumes: plans.flatMap(({ volumes }) => volumes),
    contracts: [...new Set(plans.flatMap(({ facts }) => facts.images))],
  };
}
