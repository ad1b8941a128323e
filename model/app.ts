import type { AppPlan, NetworkDeclaration } from "./declaration.ts";
import type { ImageContract } from "./image-contract.ts";
import type { Site } from "./site.ts";

/** Container names by the name under which a component gives the service to others. */
export type NamedServices = Readonly<Record<string, string>>;

/** What an app is, however it is configured. */
export interface AppFacts<Services extends NamedServices = NamedServices> {
  /** Type token of its Pulumi component; with another one every resource below it is another. */
  readonly type: `homelab:${string}:${string}`;
  /** The services that others may use, e.g. `{ web: "paperless-ngx" }`. */
  readonly services: Services;
  /** What its images ask of who runs them. */
  readonly images: readonly ImageContract[];
  /** Networks that its host has because of it; others of the host may join them. @default none */
  readonly networks?: readonly NetworkDeclaration[];
}

/** An app with its options: all that a host makes of it, as plain data. */
export interface DeclaredApp<Services extends NamedServices = NamedServices> extends AppPlan {
  readonly facts: AppFacts<Services>;
}

/** An app of the catalogue: a function from its options to plain data. */
export interface App<Options extends readonly unknown[], Services extends NamedServices> {
  (site: Site, ...options: Options): DeclaredApp<Services>;
  readonly facts: AppFacts<Services>;
}

/**
 * Makes an app of what it is and what it is made of.
 *
 * @example
 * export const bentopdf = app(
 *   {
 *     type: "homelab:tools:BentoPdf",
 *     services: { page: "bentopdf" },
 *     images: [BENTOPDF_2_5_IMAGE],
 *   },
 *   (site) => ({ services: […], volumes: [] }),
 * );
 */
export function app<Options extends readonly unknown[], const Services extends NamedServices>(
  facts: AppFacts<Services>,
  plan: (site: Site, ...options: Options) => AppPlan,
): App<Options, Services> {
  return Object.assign(
    (site: Site, ...options: Options) => ({ ...plan(site, ...options), facts }),
    { facts },
  );
}
