import { contractOf } from "../model/image-catalogue.ts";
import type { ImageContract } from "../model/image-contract.ts";
import { AUTHELIA_4_39_IMAGE } from "./auth/authelia.image.ts";
import { HOME_ASSISTANT_2026_2_IMAGE } from "./automation/home-assistant.image.ts";
import { MOSQUITTO_2_0_IMAGE } from "./automation/mosquitto.image.ts";
import { RCLONE_1_73_IMAGE } from "./backup/rclone.image.ts";
import { REST_SERVER_0_14_IMAGE } from "./backup/rest-server.image.ts";
import { POSTGRES_17_IMAGE, POSTGRES_16_IMAGE } from "./data/postgres.image.ts";
import { REDIS_7_IMAGE, VALKEY_8_IMAGE } from "./data/queue.image.ts";
import { RESTIC_0_16_IMAGE } from "./backup/restic.image.ts";
import { PAPERLESS_2_20_IMAGE } from "./documents/paperless.image.ts";
import { FORGEJO_11_IMAGE } from "./git/forgejo.image.ts";
import { JAVYA_BACKEND_IMAGE, JAVYA_FRONTEND_IMAGE } from "./javya/javya.image.ts";
import { WATCHTOWER_1_14_IMAGE } from "./maintenance/watchtower.image.ts";
import { JELLYFIN_10_9_IMAGE } from "./media/jellyfin.image.ts";
import { PROWLARR_2_3_IMAGE } from "./media/prowlarr.image.ts";
import { QBITTORRENT_5_1_IMAGE } from "./media/qbittorrent.image.ts";
import { RADARR_6_0_IMAGE } from "./media/radarr.image.ts";
import { SONARR_4_0_IMAGE } from "./media/sonarr.image.ts";
import { ALERTMANAGER_0_31_IMAGE } from "./monitoring/alertmanager.image.ts";
import { CADVISOR_0_60_IMAGE } from "./monitoring/cadvisor.image.ts";
import { GLANCES_4_5_IMAGE } from "./monitoring/glances.image.ts";
import { GRAFANA_12_4_IMAGE } from "./monitoring/grafana.image.ts";
import { NTFY_2_19_IMAGE } from "./monitoring/ntfy.image.ts";
import { UPTIME_KUMA_1_23_IMAGE } from "./monitoring/uptime-kuma.image.ts";
import {
  VICTORIAMETRICS_1_137_IMAGE,
  VMAGENT_1_137_IMAGE,
  VMALERT_1_137_IMAGE,
} from "./monitoring/victoriametrics.image.ts";
import { ADGUARD_0_107_IMAGE } from "./networking/adguard.image.ts";
import { CADDY_2_8_IMAGE, CADDY_CLOUDFLARE_2_11_IMAGE } from "./edge/caddy.image.ts";
import { DERPER_1_84_IMAGE } from "./networking/derper.image.ts";
import { HEADSCALE_0_28_IMAGE } from "./networking/headscale.image.ts";
import { PIHOLE_2025_04_IMAGE, PIHOLE_2026_02_IMAGE } from "./networking/pihole.image.ts";
import { UNBOUND_1_24_IMAGE } from "./networking/unbound.image.ts";
import {
  IMMICH_SERVER_2_6_IMAGE,
  IMMICH_ML_2_6_IMAGE,
  IMMICH_POSTGRES_17_IMAGE,
} from "./photos/immich.image.ts";
import {
  CHANGEDETECTION_0_50_IMAGE,
  SOCKPUPPETBROWSER_0_0_IMAGE,
} from "./scraping/scraping.image.ts";
import { FRIGATE_0_16_IMAGE } from "./security/frigate.image.ts";
import { VAULTWARDEN_1_35_IMAGE } from "./security/vaultwarden.image.ts";
import { SAMBA_4_23_IMAGE } from "./storage/samba.image.ts";
import { SYNCTHING_2_0_IMAGE } from "./storage/syncthing.image.ts";
import { BENTOPDF_2_5_IMAGE } from "./tools/bentopdf.image.ts";
import { DOZZLE_10_1_IMAGE } from "./tools/dozzle.image.ts";
import { HOMEPAGE_1_11_IMAGE } from "./tools/homepage.image.ts";

/** What every image asks of who runs it. `test/components/images.test.ts` finds one left out. */
export const IMAGE_CONTRACTS: readonly ImageContract[] = [
  AUTHELIA_4_39_IMAGE,
  HOME_ASSISTANT_2026_2_IMAGE,
  MOSQUITTO_2_0_IMAGE,
  RCLONE_1_73_IMAGE,
  REST_SERVER_0_14_IMAGE,
  POSTGRES_17_IMAGE,
  POSTGRES_16_IMAGE,
  REDIS_7_IMAGE,
  VALKEY_8_IMAGE,
  RESTIC_0_16_IMAGE,
  PAPERLESS_2_20_IMAGE,
  FORGEJO_11_IMAGE,
  JAVYA_BACKEND_IMAGE,
  JAVYA_FRONTEND_IMAGE,
  WATCHTOWER_1_14_IMAGE,
  JELLYFIN_10_9_IMAGE,
  PROWLARR_2_3_IMAGE,
  QBITTORRENT_5_1_IMAGE,
  RADARR_6_0_IMAGE,
  SONARR_4_0_IMAGE,
  ALERTMANAGER_0_31_IMAGE,
  CADVISOR_0_60_IMAGE,
  GLANCES_4_5_IMAGE,
  GRAFANA_12_4_IMAGE,
  NTFY_2_19_IMAGE,
  UPTIME_KUMA_1_23_IMAGE,
  VICTORIAMETRICS_1_137_IMAGE,
  VMAGENT_1_137_IMAGE,
  VMALERT_1_137_IMAGE,
  ADGUARD_0_107_IMAGE,
  CADDY_2_8_IMAGE,
  CADDY_CLOUDFLARE_2_11_IMAGE,
  DERPER_1_84_IMAGE,
  HEADSCALE_0_28_IMAGE,
  PIHOLE_2025_04_IMAGE,
  PIHOLE_2026_02_IMAGE,
  UNBOUND_1_24_IMAGE,
  IMMICH_SERVER_2_6_IMAGE,
  IMMICH_ML_2_6_IMAGE,
  IMMICH_POSTGRES_17_IMAGE,
  CHANGEDETECTION_0_50_IMAGE,
  SOCKPUPPETBROWSER_0_0_IMAGE,
  FRIGATE_0_16_IMAGE,
  VAULTWARDEN_1_35_IMAGE,
  SAMBA_4_23_IMAGE,
  SYNCTHING_2_0_IMAGE,
  BENTOPDF_2_5_IMAGE,
  DOZZLE_10_1_IMAGE,
  HOMEPAGE_1_11_IMAGE,
];

/** The contract of an image by its reference, if it has one. */
export function imageContract(reference: string): ImageContract | undefined {
  return contractOf(reference, IMAGE_CONTRACTS);
}
