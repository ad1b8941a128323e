import type { CopyJob } from "./copy-job.ts";
import type { AppPlan, NetworkDeclaration } from "./declaration.ts";
import type { ImageContract } from "./image-contract.ts";

/** Container names by the name under which a component gives the service to others. */
export type ExposedServices = Readonly<Record<string, string>>;

/** An app with its options: all that a host makes of it, as plain data. */
export interface DeclaredApp<Exposed extends ExposedServices = ExposedServices> extends AppPlan {
  /** Type token of its Pulumi component; with another one every resource below it is another. */
  readonly type: `homelab:${string}:${string}`;
  /** The services that others may use, e.g. `{ web: "paperless-ngx" }`. */
  readonly exposes: Exposed;
  /** What its images ask of who runs them. */
  readonly images: readonly ImageContract[];
  /** What is copied of it each night; a job's container comes after the services. @default nothing */
  readonly jobs?: readonly CopyJob[];
  /** Networks that its host has because of it; others of the host may join them. @default none */
  readonly networks?: readonly NetworkDeclaration[];
}

/**
 * An app of the catalogue is a function from its options to this.
 *
 * @example
 * export function bentopdf(site: Site, { at = "bentopdf", proxy }: ReachedThrough) {
 *   return app({
 *     type: "homelab:tools:BentoPdf",
 *     exposes: { page: "bentopdf" },
 *     images: [BENTOPDF_2_5_IMAGE],
 *     services: [{ name: "bentopdf", … }],
 *     volumes: [],
 *   });
 * }
 */
export function app<const Exposed extends ExposedServices>(
  declared: DeclaredApp<Exposed>,
): DeclaredApp<Exposed> {
  return declared;
}
