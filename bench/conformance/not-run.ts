import type { NotRun } from "../../model/conformance-run.ts";

const NO_MODULE = "its Go module is refused by the registry in this version";
const IMAGE_ONLY = "it is published as an image alone";
const DOTNET =
  "it is published as an archive of its makers' own, and is in no registry of packages";

/**
 * Why the real program of an image is not run: package registries (Debian, Go modules, PyPI, npm,
 * crates.io, Maven Central) are all that a run may ask.
 */
export const NOT_RUN: NotRun = {
  "*/javya-backend:*": "the household's own, in no public registry",
  "*/javya-frontend:*": "the household's own, in no public registry",
  "codeberg.org/forgejo/forgejo:11.0": NO_MODULE,
  "docker.io/adguard/adguardhome:v0.107.73": NO_MODULE,
  "docker.io/amir20/dozzle:v10.1.1": NO_MODULE,
  "docker.io/authelia/authelia:4.39.15": NO_MODULE,
  "docker.io/binwiederhier/ntfy:v2.19.2": NO_MODULE,
  "docker.io/dgtlmoon/sockpuppetbrowser:0.0.3": `${IMAGE_ONLY}, and the browser in it by its makers`,
  "docker.io/grafana/grafana:12.4.0":
    "its Go module has the server without the page, which is built from sources that no registry has",
  "docker.io/jellyfin/jellyfin:10.9.11": DOTNET,
  "docker.io/library/node:22.23.1-alpine3.23":
    "the control plane's own programs run on it, by the Node.js of the computer, in `make sandbox`",
  "docker.io/library/postgres:16-alpine": "Debian 12 has release 15, Debian 13 release 17",
  "docker.io/louislam/uptime-kuma:1.23.17":
    "npm has 2.0.0-dev.0 alone, a release of another line that keeps other data",
  "docker.io/pihole/pihole:2025.04.0":
    "neither its resolver nor its scripts are packaged by Debian",
  "docker.io/pihole/pihole:2026.02.0":
    "neither its resolver nor its scripts are packaged by Debian",
  "docker.io/vaultwarden/server:1.35.2": "crates.io has 0.0.1 alone, which holds the name",
  "ghcr.io/alam00000/bentopdf:v2.5.0": `${IMAGE_ONLY}; nginx serves it`,
  "ghcr.io/blakeblackshear/frigate:0.16.4": `${IMAGE_ONLY}: its parts are built in its Dockerfile`,
  "ghcr.io/gethomepage/homepage:v1.11.0": IMAGE_ONLY,
  "ghcr.io/google/cadvisor:v0.60.5":
    "its Go module is the library; the program is a module of its own (cmd), which the registry does not have",
  "ghcr.io/immich-app/immich-machine-learning:v2.6.1": IMAGE_ONLY,
  "ghcr.io/immich-app/immich-server:v2.6.1": IMAGE_ONLY,
  "ghcr.io/nicholas-fedor/watchtower:1.14.2": NO_MODULE,
  "ghcr.io/paperless-ngx/paperless-ngx:2.20.10": "PyPI does not have it; released as an archive",
  "lscr.io/linuxserver/prowlarr:2.3.0": DOTNET,
  "lscr.io/linuxserver/radarr:6.0.4": DOTNET,
  "lscr.io/linuxserver/sonarr:4.0.16": DOTNET,
};
