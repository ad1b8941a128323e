import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Host } from "./host.ts";
import { isStranger } from "../../hosts/observation.ts";

/**
 * Names a container that somebody else made under a name of ours. The provider looks containers
 * up by id, so to it ours is merely gone, and creating it again would end in a name conflict
 * that does not say why.
 */
export function warnAboutStranger(host: Host, service: string, container: docker.Container): void {
  const present = host.observation.containers[service];
  const gated = host.observation.gated[service];
  if (present === undefined || !isStranger(present, gated)) return;
  const alias = host.alias;
  const message =
    `the container "${service}" on ${alias} is not the one deployed here (now ${present.id.slice(0, 12)}, ` +
    `deployed ${gated?.slice(0, 12) ?? "none"}); someone made it anew. ` +
    `\`npx homelab adopt ${alias} ${service}\` removes it, keeps its volumes, and lets the next \`pulumi up\` create the declared one.`;
  pulumi.log.warn(message, container).catch(() => undefined);
}
