import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "alam00000/bentopdf v2.5.0 Dockerfile";
const BASE = "nginxinc/docker-nginx-unprivileged 8ead5ce stable/alpine-slim/Dockerfile";
const CONFIG = "alam00000/bentopdf v2.5.0 nginx.conf";

/** BentoPDF: files behind an nginx that is no root. */
export const BENTOPDF_2_5_IMAGE: ImageContract = {
  reference: "ghcr.io/alam00000/bentopdf:v2.5.0",
  tag: read(
    "published",
    "public files run ghcr.io/alam00000/bentopdf:v2.5.0@sha256:c3729000f885059680cee9d49df50b21410cf80896be06f7e070…",
  ),
  read: [
    { repository: "alam00000/bentopdf", ref: "v2.5.0", path: "Dockerfile" },
    { repository: "alam00000/bentopdf", ref: "v2.5.0", path: "nginx.conf" },
    { repository: "alam00000/bentopdf", ref: "v2.5.0", path: "nginx-ipv6.sh" },
    {
      repository: "nginxinc/docker-nginx-unprivileged",
      ref: "8ead5ce",
      path: "stable/alpine-slim/Dockerfile",
    },
  ],
  processes: read(
    [{ program: "nginx", user: "101:101", role: "first" }],
    `${DOCKERFILE}: FROM nginx-unprivileged:stable-alpine-slim; ${BASE}: USER $UID, 101; CMD nginx, daemon off`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${DOCKERFILE}: FROM nginx-unprivileged; ${CONFIG}: listen 8080`,
  ),
  checkPrograms: read(
    ["sh", "wget", "nc"],
    `${DOCKERFILE}: stable-alpine-slim, busybox alone; no curl`,
  ),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: read(["8080"], `${CONFIG}: listen`),
  writes: read(
    ["/etc/nginx/tmp", "/var/cache/nginx"],
    `${CONFIG}: pid, and no paths for caches in place of nginx's own; ${BASE}: these belong to 101`,
  ),
  firstStartOnly: read([], `${DOCKERFILE}: all settings are of the build`),
  memoryFloor: unread(
    "no page of the project gives a number; the work is done in the visitor's browser",
  ),
  secretReader: read("101:101", `${BASE}: USER`),
  secrets: "none",
  // Of the image below it. nginx ends at once on TERM; QUIT lets it answer what was asked.
  stopSignal: "SIGQUIT",
};
