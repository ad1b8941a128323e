import { read, unread, type ImageContract } from "../../../model/image-contract.ts";

const DOCKERFILE = "restic/rest-server v0.14.0 Dockerfile";

/** restic's REST server, started without the image's script, which exec's the same program. */
export const REST_SERVER_0_14_IMAGE: ImageContract = {
  reference: "docker.io/restic/rest-server:0.14.0",
  tag: read(
    "published",
    "public deployments pin restic/rest-server:0.14.0 to sha256:d2aff06f47eb38637dff580c3e6bce4af98f386c396a25d32eb6727ec96214a5",
  ),
  read: [
    { repository: "restic/rest-server", ref: "v0.14.0", path: "Dockerfile" },
    { repository: "restic/rest-server", ref: "v0.14.0", path: "docker/entrypoint.sh" },
  ],
  processes: read(
    [{ program: "rest-server", user: "0:0", role: "first" }],
    "restic/rest-server v0.14.0 docker/entrypoint.sh: exec, and no USER in the Dockerfile",
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${DOCKERFILE}: no USER, no setcap; it opens a port above 1024 and files below its path`,
  ),
  checkPrograms: read(
    ["sh", "wget", "nc", "grep", "htpasswd"],
    `${DOCKERFILE}: alpine's busybox and apache2-utils`,
  ),
  volumes: read(["/data"], `${DOCKERFILE}: VOLUME /data`),
  ports: read(["8000"], `${DOCKERFILE}: EXPOSE 8000, and the declared --listen`),
  writes: read(["/data"], "restic/rest-server v0.14.0 README.md"),
  firstStartOnly: read([], "restic/rest-server v0.14.0 docker/entrypoint.sh: nothing is kept"),
  memoryFloor: unread("no page of the project gives a number"),
  secretReader: read("0:0", `${DOCKERFILE}: no USER`),
  secrets: "config-file",
};
