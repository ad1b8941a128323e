import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "nicholas-fedor/watchtower v1.14.2 build/docker/Dockerfile";

/** Watchtower: one static program. */
export const WATCHTOWER_1_14_IMAGE: ImageContract = {
  reference: "ghcr.io/nicholas-fedor/watchtower:1.14.2",
  tag: read("published", "public files run ghcr.io/nicholas-fedor/watchtower:1.14.2"),
  read: [
    { repository: "nicholas-fedor/watchtower", ref: "v1.14.2", path: "build/docker/Dockerfile" },
    {
      repository: "nicholas-fedor/watchtower",
      ref: "v1.14.2",
      path: "internal/actions/update.go",
    },
  ],
  processes: read(
    [{ program: "/watchtower", user: "0:0", role: "first" }],
    `${DOCKERFILE}: ENTRYPOINT is the program, no USER`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${DOCKERFILE}: no setcap; it opens root's socket as root`,
  ),
  checkPrograms: read(["/watchtower"], `${DOCKERFILE}: FROM scratch; HEALTHCHECK --health-check`),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: read([], `${DOCKERFILE}: EXPOSE 8080, where it listens with its HTTP API alone`),
  writes: unread("whether it writes a temporary file was not looked up"),
  firstStartOnly: read([], "watchtower.nickfedor.com, Arguments: variables of each start"),
  memoryFloor: unread("no page of the project gives a number"),
  secretReader: read("0:0", `${DOCKERFILE}: no USER`),
  secrets: "config-file",
};
