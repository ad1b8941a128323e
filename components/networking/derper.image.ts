import { DATA_NOT_READ, read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "fredliang44/derper-docker e14b2ba Dockerfile";
const PROGRAM = "tailscale/tailscale v1.84.2 cmd/derper/derper.go";

/** Tailscale's relay. The image is Ubuntu with the one program. */
export const DERPER_1_84_IMAGE: ImageContract = {
  reference: "docker.io/fredliang/derper:v1.84.2",
  tag: read(
    "published",
    // A public file that names a newer one was not found; others publish newer ones, e.g.
    // ghcr.io/yangchuansheng/derper:v1.94.2.
    "e14b2ba .github/workflows/docker-image.yml tags with Tailscale's release; public compose files run v1.84.2",
  ),
  read: [
    { repository: "fredliang44/derper-docker", ref: "e14b2ba", path: "Dockerfile" },
    {
      repository: "fredliang44/derper-docker",
      ref: "e14b2ba",
      path: ".github/workflows/docker-image.yml",
    },
    { repository: "tailscale/tailscale", ref: "v1.84.2", path: "cmd/derper/derper.go" },
  ],
  processes: read(
    [{ program: "/app/derper", user: "0:0", role: "first" }],
    `${DOCKERFILE}: no USER; the declared entry point is the program itself`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${DOCKERFILE}: no setcap; the declared ports are above 1024`,
  ),
  checkPrograms: read(["bash", "sh", "grep"], `${DOCKERFILE}: FROM ubuntu; neither curl nor nc`),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: read(["8080", "3478/udp"], `${PROGRAM}: -a and -stun-port as declared`),
  writes: read(["/data"], `${PROGRAM}: -c, where it makes its key when there is none`),
  firstStartOnly: read([], `${PROGRAM}: its options are read each time`),
  memoryFloor: unread("no page of the project gives a number"),
  secretReader: read("0:0", `${DOCKERFILE}: no USER`),
  data: DATA_NOT_READ,
  secrets: "config-file",
};
