import { read, unread, type ImageContract } from "../../model/image-contract.ts";

/** What every image of Caddy has alike. */
function caddy(dockerfile: string) {
  return {
    processes: read(
      [{ program: "caddy", user: "0:0", role: "first" }] as const,
      `${dockerfile}: CMD is the program, no USER`,
    ),
    capabilities: read(
      // A file capability that is not in the bounding set makes exec fail, for root too.
      { start: ["NET_BIND_SERVICE"], work: [], stop: [] },
      `${dockerfile}: setcap cap_net_bind_service=+ep; capabilities(7), "Safety checking"`,
    ),
    volumes: read([], `${dockerfile}: no VOLUME`),
    ports: read(["80", "443", "443/udp", "2019"], `${dockerfile}: EXPOSE`),
    writes: read(["/data", "/config"], `${dockerfile}: XDG_DATA_HOME, XDG_CONFIG_HOME`),
    firstStartOnly: read(
      [],
      "caddyserver.com/docs/command-line, caddy run: the file is read each time",
    ),
    memoryFloor: unread("no page of the project gives a number"),
    secretReader: read("0:0", `${dockerfile}: no USER`),
    data: read(
      { olderOpens: "always", newerOpens: true },
      "caddyserver/certmagic 07dc55f storage.go: each certificate, key and note a file of its own, no schema",
    ),
    secrets: "config-file",
  } as const satisfies Partial<ImageContract>;
}

const OFFICIAL = "caddyserver/caddy-docker fb6e872 2.8/alpine/Dockerfile";
const BASE = "caddyserver/caddy-docker 03d78cd 2.11/alpine/Dockerfile";

/** The official image of Caddy. */
export const CADDY_2_8_IMAGE: ImageContract = {
  ...caddy(OFFICIAL),
  reference: "docker.io/library/caddy:2.8.4-alpine",
  tag: read(
    "published",
    "public Dockerfiles build FROM caddy:2.8.4-alpine@sha256:a48e22edad925dc216fd27aa4f04ec49ebdad9b64c9e5a3f1826d0595ef2993c",
  ),
  read: [{ repository: "caddyserver/caddy-docker", ref: "fb6e872", path: "2.8/alpine/Dockerfile" }],
  checkPrograms: read(["sh", "wget", "nc", "caddy"], `${OFFICIAL}: alpine's busybox; no curl`),
};

/**
 * Caddy with the module that proves a domain at Cloudflare. Releases before 2.11 hold a module that
 * refuses the tokens Cloudflare has made since March 2026 (caddy-dns/cloudflare#127, mended in #123).
 */
export const CADDY_CLOUDFLARE_2_11_IMAGE: ImageContract = {
  ...caddy(BASE),
  reference: "ghcr.io/caddybuilds/caddy-cloudflare:2.11.3",
  tag: read(
    "published",
    "CaddyBuilds/caddy-cloudflare tag 2.11.3: build-docker-image.yml makes it after the push",
  ),
  read: [
    { repository: "CaddyBuilds/caddy-cloudflare", ref: "2.11.3", path: "Dockerfile" },
    {
      repository: "CaddyBuilds/caddy-cloudflare",
      ref: "2.11.3",
      path: ".github/workflows/build-docker-image.yml",
    },
    // 2.11.2: the newest in the public copy; of 2.11.3 only version and checksums differ.
    { repository: "caddyserver/caddy-docker", ref: "03d78cd", path: "2.11/alpine/Dockerfile" },
  ],
  checkPrograms: read(["sh", "wget", "nc", "curl", "caddy"], `${BASE}: alpine's busybox, and curl`),
};
