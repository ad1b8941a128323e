import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DeclaredApp, ExposedServices } from "../../model/app.ts";
import { createDataVolume } from "./data-volume.ts";
import type { Host } from "./host.ts";
import { Service } from "./service.ts";

/** Arguments of every app component. */
export interface AppArgs {
  /** The host it runs on. */
  readonly host: Host;
  /**
   * All that is made of it: the app with its options, e.g. `paperless(site, { proxy })`. Its jobs are
   * made of the containers that `withJobs` gives them, and of nothing else.
   */
  readonly plan: DeclaredApp;
}

/** An app: the volumes and services of its plan, in the plan's order. */
export class App extends pulumi.ComponentResource {
  readonly #services = new Map<string, Service>();

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    const { host, plan } = args;
    super(plan.type, name, {}, pulumi.mergeOptions({ parent: host }, opts));
    const volumes = new Map<string, docker.Volume>();
    for (const volume of plan.volumes) {
      volumes.set(volume.name, createDataVolume(volume, { parent: this }));
    }
    for (const declaration of plan.services) {
      const service = new Service(
        declaration.name,
        { host, declaration, volumes },
        { parent: this },
      );
      this.#services.set(declaration.name, service);
    }
    const exposed = Object.entries(plan.exposes);
    Object.assign(
      this,
      Object.fromEntries(exposed.map(([field, of]) => [field, this.service(of)])),
    );
    // Who adds something says when it is whole.
    if (new.target === App || Object.getPrototypeOf(new.target) === App) this.registerOutputs({});
  }

  /** A service of this app by its container name. */
  service(name: string): Service {
    const service = this.#services.get(name);
    if (!service) throw new Error(`the plan has no service "${name}"`);
    return service;
  }
}

/** Class of an app's component, with the services that others may use as its fields. */
export type AppComponent<Exposed extends ExposedServices> = new (
  name: string,
  args: AppArgs,
  opts?: pulumi.ComponentResourceOptions,
) => App & { readonly [Field in keyof Exposed]: Service };

/**
 * The Pulumi component of an app, made from what its plan says. An app that makes more than its
 * containers extends it.
 * @param _app says which services are its fields; all else stands in the plan that it is made with
 *
 * @example
 * export const Paperless = appComponent(paperless);
 * new Paperless("paperless-app", { host, plan: paperless(site, { proxy }) }).web.ready;
 */
export function appComponent<Options extends readonly never[], Exposed extends ExposedServices>(
  _app: (...options: Options) => DeclaredApp<Exposed>,
): AppComponent<Exposed> {
  return class extends App {} as unknown as AppComponent<Exposed>;
}
