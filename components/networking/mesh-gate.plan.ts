import type { GateDeclaration } from "../../model/declared-machine.ts";
import { hostWith, type HostName } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";

/** Open while the host has its address in the mesh and, on the others, reaches the coordinator there. */
export function meshGate(site: Site, host: HostName): GateDeclaration {
  const coordinator = hostWith("coordinator");
  const noAnswer =
    site.mesh.coordinator === "headscale"
      ? `No answer from Headscale: \`ssh ${coordinator} docker logs headscale\``
      : "No answer from Tailscale: wait, or look at the machine's line to the internet";
  return {
    name: "mesh",
    kind: "mesh",
    address: site.hosts[host].mesh,
    ...(host === coordinator ? {} : { peer: site.hosts[coordinator].mesh }),
    remedy:
      host === coordinator
        ? `see \`ssh ${host} tailscale status\`. Logged out: \`pulumi up -s ${host}\` joins again. ${noAnswer}`
        : `see \`ssh ${host} tailscale status\`. Logged out: \`pulumi up -s ${host}\` joins again. ` +
          `Otherwise look at the VPS: \`npx homelab check ${coordinator}\`; members that see each other go on without it`,
  };
}
