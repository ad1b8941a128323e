import { read, type ImageContract } from "../../model/image-contract.ts";

const REPOSITORY = "madnuttah/unbound-docker v1.24.2-1";
const DOCKERFILE = `${REPOSITORY} unbound/release.Dockerfile`;
const ENTRYPOINT = `${REPOSITORY} unbound/root/entrypoint`;

/** Unbound in an image of a few programs and no distribution. */
export const UNBOUND_1_24_IMAGE: ImageContract = {
  reference: "docker.io/madnuttah/unbound:1.24.2-1",
  tag: read(
    "published",
    `${REPOSITORY} .github/workflows/cd-build-unbound.yaml pushes its version; public manifests run it`,
  ),
  read: [
    {
      repository: "madnuttah/unbound-docker",
      ref: "v1.24.2-1",
      path: "unbound/release.Dockerfile",
    },
    { repository: "madnuttah/unbound-docker", ref: "v1.24.2-1", path: "unbound/root/entrypoint" },
    { repository: "madnuttah/unbound-docker", ref: "v1.24.2-1", path: "unbound/root/unbound.sh" },
    {
      repository: "madnuttah/unbound-docker",
      ref: "v1.24.2-1",
      path: "unbound/root/usr/local/unbound/unbound.conf",
    },
  ],
  processes: read(
    [
      { program: "/sbin/tini", user: "0:0", role: "init" },
      { program: "unbound", user: "1000:1000", role: "server" },
    ],
    `${DOCKERFILE}: ENTRYPOINT tini -- /entrypoint; ${ENTRYPOINT}: exec su-exec 1000:1000`,
  ),
  capabilities: read(
    { start: ["SETGID", "SETUID"], work: [], stop: ["KILL"] },
    `${ENTRYPOINT}: su-exec; krallin/tini src/tini.c: it ends with 1 when it may not pass a signal on`,
  ),
  checkPrograms: read(
    ["sh", "drill", "sed", "grep", "netstat", "awk", "id"],
    `${DOCKERFILE}: the files it copies into scratch`,
  ),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: read(
    ["5335", "5335/udp"],
    `${REPOSITORY} unbound/root/usr/local/unbound/unbound.conf: interface 0.0.0.0@5335`,
  ),
  writes: read(
    ["/usr/local/unbound/iana.d"],
    `${REPOSITORY} unbound/root/unbound.sh: unbound-anchor -a`,
  ),
  firstStartOnly: read([], `${REPOSITORY} unbound.conf: read at each start`),
  memoryFloor: read(
    "73MiB",
    "nlnetlabs.nl, Unbound manual, Performance Tuning: caches take 2 to 2.5 times what is set, here 29 MB",
  ),
  secretReader: read("1000:1000", `${ENTRYPOINT}: su-exec before unbound reads a file`),
  secrets: "none",
};
