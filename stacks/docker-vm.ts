import { Authelia } from "../components/auth/authelia.ts";
import { HomeAssistant } from "../components/automation/home-assistant.ts";
import { Mosquitto } from "../components/automation/mosquitto.ts";
import { createNetworkMounts } from "../components/core/network-mounts.ts";
import { Paperless } from "../components/documents/paperless.ts";
import { Watchtower } from "../components/maintenance/watchtower.ts";
import { Jellyfin } from "../components/media/jellyfin.ts";
import { Prowlarr } from "../components/media/prowlarr.ts";
import { QBittorrent } from "../components/media/qbittorrent.ts";
import { Radarr } from "../components/media/radarr.ts";
import { Sonarr } from "../components/media/sonarr.ts";
import { Alertmanager } from "../components/monitoring/alertmanager.ts";
import { CAdvisor } from "../components/monitoring/cadvisor.ts";
import { Grafana } from "../components/monitoring/grafana.ts";
import { VictoriaMetrics } from "../components/monitoring/victoriametrics.ts";
import { VmAgent } from "../components/monitoring/vmagent.ts";
import { VmAlert } from "../components/monitoring/vmalert.ts";
import { Caddy } from "../components/edge/caddy.ts";
import { Pihole } from "../components/networking/pihole.ts";
import { Immich } from "../components/photos/immich.ts";
import { Frigate } from "../components/security/frigate.ts";
import { Vaultwarden } from "../components/security/vaultwarden.ts";
import { BentoPdf } from "../components/tools/bentopdf.ts";
import { Dozzle } from "../components/tools/dozzle.ts";
import { Homepage } from "../components/tools/homepage.ts";
import { watchHost } from "../components/core/watch.ts";
import type { StackContext } from "./context.ts";
import { dockerVmGates, GROUND_FOLDERS, MOUNT_GROUND } from "../household/docker-vm.plan.ts";
import { joinMesh } from "./mesh.ts";
import { holdBack } from "./host-gates.ts";
import { realiseGates, realiseHost } from "./realise.ts";

/**
 * The Docker VM, in the order of the deployment-order page. Which service waits for which stands
 * in each app's plan; a service that is not realised yet cannot be required, so this list cannot
 * contradict the graph.
 */
export async function dockerVm(context: StackContext): Promise<Record<string, unknown>> {
  const { apps } = context.fleet["docker-vm"];
  const host = realiseHost(context, {
    "restic-address": context.output("nas", "resticAddress"),
  });

  // The NAS's folders, and what else lies outside the containers
  const mounts = createNetworkMounts(
    "network-mounts",
    {
      alias: host.alias,
      ground: MOUNT_GROUND,
      folders: GROUND_FOLDERS,
      mounts: dockerVmGates(context.site).filter((gate) => gate.kind === "mount"),
      settings: context.site.nasMounts,
      observedToken: context.observation.files["network-mounts"],
    },
    { parent: host },
  );
  const gates = realiseGates(host, context, [mounts]);
  const finish = await holdBack(host, context, [...gates, ...(await joinMesh(host, context))]);

  // Phase 4: networking
  new Pihole("pihole-app", { host, plan: apps.pihole });
  new Caddy("caddy-app", { host, plan: apps.caddy });
  // Phase 5: automation. Home Assistant and Frigate wait until Mosquitto is healthy
  new Mosquitto("mosquitto-app", { host, plan: apps.mosquitto });
  new HomeAssistant("home-assistant-app", { host, plan: apps.homeAssistant });
  // Phase 6: security
  new Vaultwarden("vaultwarden-app", { host, plan: apps.vaultwarden });
  new Frigate("frigate-app", { host, plan: apps.frigate });
  // Phase 7: auth
  new Authelia("authelia-app", { host, plan: apps.authelia });
  // Phase 8: tools
  new Dozzle("dozzle-app", { host, plan: apps.dozzle });
  new BentoPdf("bentopdf-app", { host, plan: apps.bentopdf });
  new Homepage("homepage-app", { host, plan: apps.homepage });
  // Phase 9: documents
  new Paperless("paperless-app", { host, plan: apps.paperless });
  // Phase 10: monitoring
  new VictoriaMetrics("victoriametrics-app", { host, plan: apps.victoriametrics });
  new VmAgent("vmagent-app", { host, plan: apps.vmagent });
  new Alertmanager("alertmanager-app", { host, plan: apps.alertmanager });
  new VmAlert("vmalert-app", { host, plan: apps.vmalert });
  new CAdvisor("cadvisor-app", { host, plan: apps.cadvisor });
  new Grafana("grafana-app", { host, plan: apps.grafana });
  // Phase 11: photos
  new Immich("immich-app", { host, plan: apps.immich });
  // Phase 12: media
  new Jellyfin("jellyfin-app", { host, plan: apps.jellyfin });
  new Prowlarr("prowlarr-app", { host, plan: apps.prowlarr });
  new QBittorrent("qbittorrent-app", { host, plan: apps.qbittorrent });
  new Sonarr("sonarr-app", { host, plan: apps.sonarr });
  new Radarr("radarr-app", { host, plan: apps.radarr });
  // Phase 13: maintenance, after everything else
  new Watchtower("watchtower-app", { host, plan: apps.watchtower });

  watchHost("boot-watch", host, context.bootProgram);
  finish();
  return { services: context.fleet["docker-vm"].declaration.services.length };
}
