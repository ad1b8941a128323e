import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const REPOSITORY = "louislam/uptime-kuma";
const VERSION = "1.23.17";
const DOCKERFILE = `${REPOSITORY} ${VERSION} docker/dockerfile`;
const BASE = `${REPOSITORY} ${VERSION} docker/debian-base.dockerfile`;
const ENTRYPOINT = `${REPOSITORY} ${VERSION} extra/entrypoint.sh`;

/** Uptime Kuma, the last of version 1. */
export const UPTIME_KUMA_1_23_IMAGE: ImageContract = {
  reference: `docker.io/louislam/uptime-kuma:${VERSION}`,
  // Its releases push "1" and the whole version, never "1.23".
  tag: read(
    "published",
    `${REPOSITORY} ${VERSION} package.json, build-docker-debian; public files run 1.23.17@sha256:70233f4acb5163fd2a59a49909cf01e44415cecff13d…`,
  ),
  read: [
    { repository: REPOSITORY, ref: VERSION, path: "docker/dockerfile" },
    { repository: REPOSITORY, ref: VERSION, path: "docker/debian-base.dockerfile" },
    { repository: REPOSITORY, ref: VERSION, path: "extra/entrypoint.sh" },
    { repository: REPOSITORY, ref: VERSION, path: "package.json" },
  ],
  processes: read(
    [
      { program: "/usr/bin/dumb-init", user: "0:0", role: "init" },
      { program: "node server/server.js", user: "0:0", role: "server" },
    ],
    `${DOCKERFILE}: ENTRYPOINT dumb-init; ${ENTRYPOINT}: exec setpriv, to 0 where PUID is unset`,
  ),
  capabilities: read(
    { start: ["SETGID"], work: [], stop: [] },
    `${ENTRYPOINT}: setpriv --clear-groups calls setgroups(2), which wants SETGID of root too`,
  ),
  checkPrograms: read(["sh", "bash", "curl", "node", "sqlite3", "ping"], `${BASE}: no wget, no nc`),
  volumes: read(["/app/data"], `${DOCKERFILE}: VOLUME`),
  ports: read(["3001"], `${DOCKERFILE}: EXPOSE`),
  writes: read(["/app/data"], `${ENTRYPOINT}: the one folder that it owns`),
  firstStartOnly: read(
    [],
    `${REPOSITORY} ${VERSION} server/server.js: all settings are made in its page`,
  ),
  memoryFloor: unread("no page of the project gives a number"),
  secretReader: read("0:0", `${ENTRYPOINT}: PUID is 0 where it is unset`),
  data: read(
    { olderOpens: "never", newerOpens: true },
    "louislam/uptime-kuma 0038d95 server/database.js, patch: brings it forward, and only warns of a newer one",
  ),
  secrets: "none",
};
