import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "authelia/authelia v4.39.15 Dockerfile";
const ENTRYPOINT = "authelia/authelia v4.39.15 entrypoint.sh";

/** Authelia. */
export const AUTHELIA_4_39_IMAGE: ImageContract = {
  reference: "docker.io/authelia/authelia:4.39.15",
  tag: read(
    "published",
    "public files run authelia/authelia:4.39.15@sha256:d23ee3c721d465b4749cc58541cda4aebe5aa6f19d7b5ce0afeb…",
  ),
  read: [
    { repository: "authelia/authelia", ref: "v4.39.15", path: "Dockerfile" },
    { repository: "authelia/authelia", ref: "v4.39.15", path: "entrypoint.sh" },
    { repository: "authelia/authelia", ref: "v4.39.15", path: "healthcheck.sh" },
    { repository: "authelia/baseimage", ref: "289d3c2", path: "Dockerfile" },
  ],
  processes: read(
    [{ program: "authelia", user: "0:0", role: "first" }],
    `${ENTRYPOINT}: exec su-exec "\${PUID}:\${PGID}", which ${DOCKERFILE} sets to 0`,
  ),
  capabilities: read(
    { start: ["SETGID", "SETUID"], work: [], stop: [] },
    `${ENTRYPOINT}: su-exec calls setgroups, setgid and setuid, to 0 as well; a failed chown is passed over`,
  ),
  checkPrograms: read(
    ["sh", "wget"],
    "authelia/baseimage 289d3c2 Dockerfile: busybox and wget; authelia v4.39.15 healthcheck.sh uses both",
  ),
  volumes: read([], `${DOCKERFILE}: no VOLUME, nor in its base`),
  ports: read(["9091"], `${DOCKERFILE}: EXPOSE; the configuration's server.address`),
  writes: read(
    ["/app/.healthcheck.env"],
    `${DOCKERFILE}: COPY --chmod=666; database and notices lie where the configuration says`,
  ),
  firstStartOnly: read(
    ["storage.encryption_key"],
    "authelia.com, configuration/storage/introduction: a changed key opens no older database",
  ),
  memoryFloor: unread("no page of the project gives a number for one that checks pbkdf2 hashes"),
  secretReader: read("0:0", `${ENTRYPOINT}: su-exec to 0:0 before a file is read`),
  data: read(
    { olderOpens: "never", newerOpens: true },
    `authelia/authelia 049917e internal/storage/sql_provider_schema.go: refuses a schema newer than it knows`,
  ),
  secrets: "file-variable",
};
