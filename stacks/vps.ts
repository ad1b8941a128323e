import { ResticRest } from "../components/backup/restic-rest.ts";
import { VpsBackup } from "../components/backup/vps-backup.ts";
import { Ntfy } from "../components/monitoring/ntfy.ts";
import { uptimeSettings } from "../components/monitoring/uptime-monitors.plan.ts";
import { UptimeKuma } from "../components/monitoring/uptime-kuma.ts";
import { Adguard } from "../components/networking/adguard.ts";
import { Derp } from "../components/networking/derp.ts";
import { trustCaddy } from "../components/networking/mesh-node.ts";
import { PublicCaddy } from "../components/edge/public-caddy.ts";
import { SecondaryPihole } from "../components/networking/secondary-pihole.ts";
import { tailnetDns } from "../components/networking/tailnet.plan.ts";
import { Scraping } from "../components/scraping/scraping.ts";
import { HOSTS } from "../model/host-names.ts";
import { watchHost } from "../components/core/watch.ts";
import type { StackContext } from "./context.ts";
import { coordinateMesh } from "./mesh.ts";
import { holdBack } from "./host-gates.ts";
import { realiseGates, realiseHost } from "./realise.ts";

/** The VPS: the mesh's coordinator first, because every host's mesh address comes from it. */
export async function vps(context: StackContext): Promise<Record<string, unknown>> {
  const { apps } = context.fleet.vps;
  const host = realiseHost(context);
  const gates = realiseGates(host, context, []);

  // 1. the mesh's coordinator, and this host as its first member
  const mesh = await coordinateMesh(host, context);
  const finish = await holdBack(host, context, [...gates, ...mesh.gates]);

  // 2. DNS, before Caddy
  const adguard = new Adguard("adguard-app", { host, plan: apps.adguard });
  mesh.tailnet?.setDns(tailnetDns(context.site), [adguard]);
  // 3. public TLS
  const caddy = new PublicCaddy("caddy-app", { host, plan: apps.caddy });
  const ownRelay = mesh.tailnet === undefined;
  if (ownRelay && context.site.certificates.vps.issuer === "internal") {
    trustCaddy(host, { dependsOn: [caddy] });
  }

  // 4. secondary DNS
  new SecondaryPihole("pihole-app", { host, plan: apps.pihole });
  // 5. relay
  if (ownRelay) new Derp("derp-app", { host, plan: apps.derp });
  // 6. monitoring
  new Ntfy("ntfy-app", { host, plan: apps.ntfy });
  new UptimeKuma("uptime-kuma-app", {
    host,
    plan: apps.uptimeKuma,
    program: context.uptimeProgram,
    settings: uptimeSettings(
      context.site,
      HOSTS.map((name) => context.fleet[name].declaration),
    ),
  });
  // 7. scraping
  new Scraping("scraping-app", { host, plan: apps.scraping });
  // 8. backup
  new ResticRest("restic-rest-app", { host, plan: apps.resticRest });
  // what Headscale's app copies otherwise
  if (!ownRelay) new VpsBackup("vps-backup-app", { host, plan: apps.backup });

  watchHost("boot-watch", host, context.bootProgram);
  finish();
  return {
    services: context.fleet.vps.declaration.services.length,
    // From here on the other hosts can join.
    meshCoordinator: mesh.coordinator,
  };
}
