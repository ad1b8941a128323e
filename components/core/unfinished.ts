import * as pulumi from "@pulumi/pulumi";
import { brokenName } from "../../model/fallback.ts";
import { gateRecord } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { isUnfinished, type Observation } from "../../hosts/observation.ts";
import type { Host } from "./host.ts";

/**
 * Names of the containers with our labels that no deployment knows. The engine would refuse a new
 * container under their names.
 */
export function unfinishedContainers({ containers, gated }: Observation): string[] {
  return Object.entries(containers)
    .filter(([name, container]) => isUnfinished(container, gated[name]))
    .map(([name]) => name)
    .sort();
}

/**
 * Says what the next deployment does about them, and what the host did by itself about those by which
 * it is reached.
 */
export function warnAboutUnfinished(host: Host, unfinished: readonly string[]): void {
  const { putBack } = host.observation;
  for (const [service, { at, words }] of Object.entries(putBack)) {
    const told = `${host.alias} acted by itself at ${at}: ${service}: ${words}. \`pulumi up\` makes the declared one again.`;
    pulumi.log.warn(told, host).catch(() => undefined);
  }
  const own = Object.keys(putBack).flatMap((service) => [service, brokenName(service)]);
  const names = unfinished.filter((name) => !own.includes(name));
  if (names.length === 0) return;
  const message = `made by a deployment of ${host.alias} that did not end, or by somebody with our labels: ${names.join(", ")}. \`pulumi up\` removes them, keeps their volumes, and makes the declared ones.`;
  pulumi.log.warn(message, host).catch(() => undefined);
}

/**
 * A script that stops and removes such containers of a host. Their volumes stay.
 * @param host name in their label "homelab.host"
 */
export function removeUnfinished(host: string): string {
  return `docker ps --all --no-trunc --filter ${quote(`label=homelab.host=${host}`)} --format '{{.Names}} {{.ID}}' |
while read -r name id; do
  known=
  [ ! -f ${quote(gateRecord(""))}"$name" ] || read -r known < ${quote(gateRecord(""))}"$name" || true
  [ "$known" = "$id" ] || {
    echo "removing $name: a deployment that did not end made it" >&2
    docker stop "$id" >/dev/null && docker rm --force "$id" >/dev/null
  } </dev/null
done
`;
}
