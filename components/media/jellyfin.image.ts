import { DATA_NOT_READ, read, unread, type ImageContract } from "../../model/image-contract.ts";

const REPOSITORY = "jellyfin/jellyfin-packaging";
const REF = "v10.9.11-202409071810";
const DOCKERFILE = `${REPOSITORY} ${REF} docker/Dockerfile`;

/** Jellyfin's own image. */
export const JELLYFIN_10_9_IMAGE: ImageContract = {
  reference: "docker.io/jellyfin/jellyfin:10.9.11",
  tag: read(
    "published",
    `${REPOSITORY} has the release ${REF}, and public Dockerfiles build FROM it`,
  ),
  read: [{ repository: REPOSITORY, ref: REF, path: "docker/Dockerfile" }],
  processes: read(
    [{ program: "jellyfin", user: "0:0", role: "first" }],
    `${DOCKERFILE}: ENTRYPOINT /jellyfin/jellyfin, no USER`,
  ),
  capabilities: read({ start: [], work: [], stop: [] }, `${DOCKERFILE}: one process of root's`),
  checkPrograms: read(["sh", "bash", "curl"], `${DOCKERFILE}: debian:bookworm-slim with curl`),
  volumes: read(["/config", "/cache"], `${DOCKERFILE}: VOLUME`),
  ports: read(["8096"], `${DOCKERFILE}: EXPOSE`),
  writes: read(["/tmp"], ".NET's temporary files (Path.GetTempPath)"),
  firstStartOnly: unread("it is set up in its page, and takes no account from a variable"),
  memoryFloor: unread("its makers advise memory for a whole machine, and name none for the server"),
  secretReader: read("0:0", `${DOCKERFILE}: no USER`),
  data: DATA_NOT_READ,
  secrets: "none",
};
