import * as pulumi from "@pulumi/pulumi";
import type { MadeAnew } from "./made-anew.ts";

/**
 * Says what of a container or network is not as it was deployed: Pulumi's own difference shows one
 * label.
 * @param alias of the host
 * @param what e.g. `container "grafana"`
 * @param anew undefined where nothing is known
 */
export function tellMadeAnew(
  alias: string,
  what: string,
  anew: MadeAnew | undefined,
  resource: pulumi.Resource,
): void {
  if (anew === undefined || anew.why === "") return;
  const seen = `the ${what} on ${alias} is not as it was deployed: ${anew.why}`;
  const said = anew.inVain
    ? pulumi.log.warn(
        `${seen}. It was made anew for just that before, and is left alone now. If somebody changed it since, remove the container and repeat \`pulumi up\`; else its engine does not do what is declared.`,
        resource,
      )
    : pulumi.log.info(`${seen}; \`pulumi up\` makes it anew`, resource);
  said.catch(() => undefined);
}

/** Says which data is gone: a volume that is made anew is empty. */
export function tellLostVolumes(
  alias: string,
  volumes: readonly string[],
  host: pulumi.Resource,
): void {
  if (volumes.length === 0) return;
  const message = `volumes that are gone on ${alias}: ${volumes.join(", ")}. \`pulumi up\` makes them anew, empty; \`npx homelab backup restore <service>\` puts back what was copied.`;
  pulumi.log.warn(message, host).catch(() => undefined);
}
