import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "amir20/dozzle v10.1.1 Dockerfile";
const HOSTS = "amir20/dozzle v10.1.1 internal/support/docker/multi_host_service.go";

/** Dozzle: one static program. */
export const DOZZLE_10_1_IMAGE: ImageContract = {
  reference: "docker.io/amir20/dozzle:v10.1.1",
  tag: read("published", "public files run amir20/dozzle:v10.1.1"),
  read: [
    { repository: "amir20/dozzle", ref: "v10.1.1", path: "Dockerfile" },
    { repository: "amir20/dozzle", ref: "v10.1.1", path: "main.go" },
    {
      repository: "amir20/dozzle",
      ref: "v10.1.1",
      path: "internal/support/docker/multi_host_service.go",
    },
  ],
  processes: read(
    [{ program: "/dozzle", user: "0:0", role: "first" }],
    `${DOCKERFILE}: ENTRYPOINT is the program, no USER`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${DOCKERFILE}: no setcap; it opens root's socket as root`,
  ),
  checkPrograms: read(["/dozzle"], `${DOCKERFILE}: FROM scratch; dozzle.dev/guide/healthcheck`),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: read(["8080"], `${DOCKERFILE}: EXPOSE`),
  writes: read(["/data", "/tmp"], `${HOSTS}: ./data/notifications.yml, seen from /`),
  firstStartOnly: read([], "dozzle.dev/guide/supported-env-vars: variables of each start"),
  memoryFloor: unread("no page of the project gives a number"),
  secretReader: read("0:0", `${DOCKERFILE}: no USER`),
  secrets: "none",
};
