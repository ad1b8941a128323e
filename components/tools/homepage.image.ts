import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "gethomepage/homepage v1.11.0 Dockerfile";
const ENTRYPOINT = "gethomepage/homepage v1.11.0 docker-entrypoint.sh";

/** Homepage. */
export const HOMEPAGE_1_11_IMAGE: ImageContract = {
  reference: "ghcr.io/gethomepage/homepage:v1.11.0",
  tag: read(
    "published",
    "public files run ghcr.io/gethomepage/homepage:v1.11.0@sha256:b129cb0f674bd6d204e215bde2c2fc3f11d6ad0e82f6d20007cf…",
  ),
  read: [
    { repository: "gethomepage/homepage", ref: "v1.11.0", path: "Dockerfile" },
    { repository: "gethomepage/homepage", ref: "v1.11.0", path: "docker-entrypoint.sh" },
    { repository: "gethomepage/homepage", ref: "v1.11.0", path: "src/utils/logger.js" },
  ],
  processes: read(
    [{ program: "node server.js", user: "0:0", role: "first" }],
    `${ENTRYPOINT}: exec, by su-exec only where PUID is not 0; ${DOCKERFILE}: USER root`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${ENTRYPOINT}: without PUID it changes no user and no owner`,
  ),
  checkPrograms: read(["sh", "wget", "nc", "node"], `${DOCKERFILE}: node:22-alpine; no curl`),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: read(["3000"], `${DOCKERFILE}: PORT, EXPOSE`),
  writes: read(
    ["/app/config", "/app/.next"],
    "gethomepage/homepage v1.11.0: it copies what is missing of its files, and keeps icons",
  ),
  firstStartOnly: read([], "gethomepage.dev/configs: files are read at each start"),
  memoryFloor: unread(
    "killed with its own default widgets (onedr0p/cluster-template#1140), at a limit not said",
  ),
  secretReader: read("0:0", `${DOCKERFILE}: USER root`),
  secrets: "none",
};
