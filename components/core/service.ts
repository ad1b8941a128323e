import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { AppService } from "../../model/declaration.ts";
import { DEFAULT_LIMITS } from "../../model/host-plan.ts";
import { createContainer } from "./container.ts";
import { followSecret } from "./database-role.ts";
import { awaitHealthy } from "./health-gate.ts";
import type { Host } from "./host.ts";
import { tellMadeAnew } from "./tell-made-anew.ts";
import { warnAboutStranger } from "./stranger.ts";
import { writeServiceFiles } from "./service-files.ts";

/** Arguments of Service. */
export interface ServiceArgs {
  readonly host: Host;
  readonly declaration: AppService;
  /** The volumes of its app, by name. */
  readonly volumes: ReadonlyMap<string, docker.Volume>;
}

/**
 * One container with the house rules, its files, and the gate that says it is healthy.
 * Dependents wait for `ready`.
 */
export class Service extends pulumi.ComponentResource {
  /** Container name, which is also its name in the networks it joins. */
  readonly serviceName: string;
  /** Id of the running container. */
  readonly containerId: pulumi.Output<string>;
  /** Done when the service is healthy and set up; what others depend on. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:core:Service", name, {}, opts);
    const { host, declaration } = args;
    this.serviceName = declaration.name;
    const barrier = host.barrier(declaration.name);
    const files = writeServiceFiles(name, host, declaration, { parent: this, dependsOn: barrier });
    const requirements = requirementsOf(host, declaration);
    const before = [host.bootPermit, host.planWritten, host.images?.pulled];
    const boot = before.flatMap((made) => (made ? [made] : []));
    const container = createContainer(
      `${name}-container`,
      { host, declaration, volumes: args.volumes, filesFingerprint: files.fingerprint },
      { parent: this, dependsOn: [...boot, ...barrier, ...requirements, ...files.resources] },
    );
    this.containerId = container.id;
    warnAboutStranger(host, declaration.name, container);
    tellMadeAnew(
      host.alias,
      `container "${declaration.name}"`,
      host.anew(declaration.name),
      container,
    );
    const gate = awaitHealthy(
      `${name}-gate`,
      {
        alias: host.alias,
        service: declaration.name,
        containerId: container.id,
        deadline: declaration.health.deadline ?? DEFAULT_LIMITS.deadline,
      },
      { parent: this },
    );
    this.ready = declaration.databaseRole
      ? followSecret(
          `${name}-role`,
          {
            host,
            service: declaration.name,
            role: declaration.databaseRole,
            containerId: container.id,
          },
          { parent: this, dependsOn: [gate] },
        )
      : gate;
    host.announce(declaration.name, this.ready);
    this.registerOutputs({});
  }
}

/** What it waits for on its host. It goes on without what is held back, if it can. */
function requirementsOf(host: Host, declaration: AppService): pulumi.Resource[] {
  return (declaration.requires ?? []).flatMap(({ on }) => {
    if (host.isHeld(on) && !host.isHeld(declaration.name)) return [];
    const resource = host.ready(on);
    return resource ? [resource] : [];
  });
}
