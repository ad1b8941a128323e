import type { ImageContract } from "./image-contract.ts";
import { isAbout } from "./image-reference.ts";

/** What has to be known of an image before a container can be declared from it. */
export interface ImageFacts {
  /** User that reads the mounted files: the one the process ends up as, "uid:gid". */
  readonly user: string;
  /** How the image takes a secret without an environment value or an argument. */
  readonly secrets: "file-variable" | "config-file" | "none";
  /** Where the version and these facts were read. */
  readonly source: string;
}

const REFERENCE = "reference/services.yaml";

function facts(user: string, secrets: ImageFacts["secrets"], source = REFERENCE): ImageFacts {
  return { user, secrets, source };
}

/**
 * Images that have no contract yet, by full reference, with the little that is known of them. A
 * contract (`components/<domain>/<app>.image.ts`) takes the place of its line here.
 */
export const WITHOUT_CONTRACT: Readonly<Record<string, ImageFacts>> = {
  // Docker VM
  "docker.io/pihole/pihole:2025.04.0": facts("0:0", "file-variable"),
  "docker.io/library/eclipse-mosquitto:2.0": facts("1883:1883", "config-file"),
  "docker.io/homeassistant/home-assistant:2026.2.3": facts("0:0", "config-file"),
  "docker.io/vaultwarden/server:1.35.2": facts("0:0", "file-variable"),
  "ghcr.io/blakeblackshear/frigate:0.16.4": facts("0:0", "config-file"),
  "docker.io/authelia/authelia:4.39.15": facts("0:0", "file-variable"),
  "docker.io/amir20/dozzle:v10.1.1": facts("0:0", "none"),
  "ghcr.io/alam00000/bentopdf:v2.5.0": facts("101:101", "none"),
  "ghcr.io/gethomepage/homepage:v1.11.0": facts("0:0", "none"),
  "ghcr.io/paperless-ngx/paperless-ngx:2.20.10": facts("0:0", "file-variable"),
  "docker.io/library/postgres:17-alpine": facts("70:70", "file-variable"),
  "docker.io/library/redis:7-alpine": facts("999:1000", "none"),
  "docker.io/victoriametrics/victoria-metrics:v1.137.0": facts("0:0", "none"),
  "docker.io/victoriametrics/vmagent:v1.137.0": facts("0:0", "config-file"),
  "docker.io/victoriametrics/vmalert:v1.137.0": facts("0:0", "none"),
  "docker.io/prom/alertmanager:v0.31.1": facts("65534:65534", "config-file"),
  "ghcr.io/google/cadvisor:v0.60.5": facts("0:0", "none"),
  "docker.io/grafana/grafana:12.4.0": facts("472:0", "file-variable"),
  "ghcr.io/immich-app/immich-server:v2.6.1": facts("0:0", "file-variable"),
  "ghcr.io/immich-app/immich-machine-learning:v2.6.1": facts(
    "0:0",
    "none",
    "same version as the server; the reference had v2.5.6",
  ),
  "docker.io/valkey/valkey:8": facts("999:999", "none"),
  "ghcr.io/immich-app/postgres:17-vectorchord0.5.3": facts("999:999", "file-variable"),
  "docker.io/jellyfin/jellyfin:10.9.11": facts("0:0", "none"),
  "lscr.io/linuxserver/sonarr:4.0.16": facts(
    "0:0",
    "none",
    "pinned; the reference floats on latest",
  ),
  "lscr.io/linuxserver/radarr:6.0.4": facts(
    "0:0",
    "none",
    "pinned; the reference floats on latest",
  ),
  "lscr.io/linuxserver/prowlarr:2.3.0": facts(
    "0:0",
    "none",
    "pinned; the reference floats on latest",
  ),
  "lscr.io/linuxserver/qbittorrent:5.1.4": facts("0:0", "none"),
  "ghcr.io/nicholas-fedor/watchtower:1.14.2": facts("0:0", "config-file"),
  // NAS
  "codeberg.org/forgejo/forgejo:11.0": facts("1000:1000", "config-file"),
  "docker.io/dockurr/samba:4.23.5": facts("0:0", "file-variable"),
  "lscr.io/linuxserver/syncthing:2.0.14": facts("0:0", "none"),
  "docker.io/nicolargo/glances:4.5.1-full": facts("0:0", "none"),
  "docker.io/library/postgres:16-alpine": facts("70:70", "file-variable"),
  "*/javya-backend:*": facts("0:0", "config-file", "ajhermosilla/javya backend/Dockerfile"),
  "*/javya-frontend:*": facts("101:101", "none", "ajhermosilla/javya frontend/Dockerfile.prod"),
  // VPS
  "docker.io/adguard/adguardhome:v0.107.73": facts("0:0", "config-file"),
  "docker.io/madnuttah/unbound:1.24.2-1": facts("1000:1000", "none"),
  "docker.io/pihole/pihole:2026.02.0": facts("0:0", "file-variable"),
  "docker.io/louislam/uptime-kuma:1.23.17": facts("0:0", "none"),
  "docker.io/binwiederhier/ntfy:v2.19.2": facts("0:0", "config-file"),
  "ghcr.io/dgtlmoon/changedetection.io:0.50.43": facts(
    "0:0",
    "none",
    "pinned; the reference floats on latest",
  ),
  "docker.io/dgtlmoon/sockpuppetbrowser:0.0.3": facts(
    "0:0",
    "none",
    "pinned; the reference floats on latest",
  ),
};

/**
 * Facts of an image: from its contract, else from the list above.
 * @throws Error when neither knows it; `validate` reports that to people first
 */
export function imageFacts(image: string, contracts: readonly ImageContract[]): ImageFacts {
  const contract = contractOf(image, contracts);
  if (contract) return factsOf(contract);
  const found = Object.entries(WITHOUT_CONTRACT).find(([entry]) => isAbout(entry, image))?.[1];
  if (!found) throw new Error(`"${image}" has no contract (components/images.ts)`);
  return found;
}

/** Whether anything is known of the image. */
export function isKnownImage(image: string, contracts: readonly ImageContract[]): boolean {
  const entries = [...contracts.map(({ reference }) => reference), ...Object.keys(WITHOUT_CONTRACT)];
  return entries.some((entry) => isAbout(entry, image));
}

/** The contract of an image, if it has one. */
export function contractOf(
  image: string,
  contracts: readonly ImageContract[],
): ImageContract | undefined {
  return contracts.find(({ reference }) => isAbout(reference, image));
}

function factsOf({ secretReader, secrets, read }: ImageContract): ImageFacts {
  return {
    // Nobody knows who reads; root is who most images start as.
    user: secretReader.value ?? "0:0",
    secrets,
    source: read.map(({ repository, ref, path }) => `${repository} ${ref} ${path}`).join(", "),
  };
}
