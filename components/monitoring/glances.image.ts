import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "nicolargo/glances v4.5.1 docker-files/alpine.Dockerfile";

/** Glances with all that it can ask. */
export const GLANCES_4_5_IMAGE: ImageContract = {
  reference: "docker.io/nicolargo/glances:4.5.1-full",
  tag: read(
    "published",
    'nicolargo/glances v4.5.1 .github/workflows/build_docker.yml: the target "full" under <version>-full',
  ),
  read: [
    { repository: "nicolargo/glances", ref: "v4.5.1", path: "docker-files/alpine.Dockerfile" },
    { repository: "nicolargo/glances", ref: "v4.5.1", path: ".github/workflows/build_docker.yml" },
  ],
  processes: read(
    [{ program: "python3 -m glances", user: "0:0", role: "first" }],
    `${DOCKERFILE}: CMD /bin/sh -c of one command, which busybox's sh becomes; USER is commented out`,
  ),
  capabilities: read(
    { start: [], work: ["SYS_PTRACE"], stop: [] },
    `${DOCKERFILE}: no setcap; proc(5): /proc/<pid>/io and exe of others' processes`,
  ),
  checkPrograms: read(
    ["sh", "curl", "wget", "nc", "python3", "ping"],
    `${DOCKERFILE}: alpine with curl`,
  ),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: read(["61208"], `${DOCKERFILE}: EXPOSE; 61209 is for --server, which is not declared`),
  writes: unread("where version 4.5 keeps its cache and log was not looked up"),
  firstStartOnly: read([], `${DOCKERFILE}: GLANCES_OPT of each start`),
  memoryFloor: unread("no page of the project gives a number"),
  secretReader: read("0:0", `${DOCKERFILE}: USER is commented out`),
  secrets: "none",
};
