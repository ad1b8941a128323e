import { read, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "google/cadvisor v0.60.5 deploy/Dockerfile";
const ENTRYPOINT = "google/cadvisor v0.60.5 deploy/entrypoint.sh";

/** cAdvisor. */
export const CADVISOR_0_60_IMAGE: ImageContract = {
  reference: "ghcr.io/google/cadvisor:v0.60.5",
  tag: read(
    "published",
    "google/cadvisor v0.60.5 .github/workflows/publish-container.yml pushes v{{version}}; public files run v0.60.5",
  ),
  read: [
    { repository: "google/cadvisor", ref: "v0.60.5", path: "deploy/Dockerfile" },
    { repository: "google/cadvisor", ref: "v0.60.5", path: "deploy/entrypoint.sh" },
    { repository: "google/cadvisor", ref: "v0.60.5", path: "container/docker/factory.go" },
    { repository: "google/cadvisor", ref: "v0.60.5", path: "container/docker/handler.go" },
  ],
  processes: read(
    [{ program: "/usr/bin/cadvisor", user: "0:0", role: "first" }],
    `${ENTRYPOINT}: exec; ${DOCKERFILE}: no USER`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    "google/cadvisor v0.60.5 container/docker/handler.go: reads cgroups and root's own sockets",
  ),
  checkPrograms: read(["sh", "wget", "nc", "tr"], `${DOCKERFILE}: alpine's busybox; no curl`),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: read(["8080"], `${DOCKERFILE}: EXPOSE`),
  writes: read([], `${ENTRYPOINT}: -logtostderr; it stores nothing`),
  firstStartOnly: read([], "google/cadvisor docs/runtime_options.md: flags of each start"),
  memoryFloor: read(
    "40MiB",
    "vonrobak/fedora-homelab-containers#131: 40 MB with 30 containers, few metrics and a look each 10 s; 256 MB were too little for the defaults",
  ),
  secretReader: read("0:0", `${DOCKERFILE}: no USER`),
  secrets: "none",
};
