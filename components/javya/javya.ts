import type * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs } from "../core/app.ts";
import type { Service } from "../core/service.ts";

/**
 * Javya, the household's own app. Coolify's Traefik serves it over the network they share.
 */
export class Javya extends App {
  /** PostgreSQL; its role follows the secret. */
  readonly database: Service;
  /** The API; waits for the database. */
  readonly backend: Service;
  /** The page. */
  readonly frontend: Service;

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:javya:Javya", name, args, opts);
    this.database = this.service("javya-db");
    this.backend = this.service("javya-backend");
    this.frontend = this.service("javya-frontend");
    this.registerOutputs({});
  }
}
