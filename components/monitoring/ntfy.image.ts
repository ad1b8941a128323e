import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "binwiederhier/ntfy v2.13.0 Dockerfile";
const PAGE = "docs.ntfy.sh/config";

/** ntfy. Its Dockerfile was read at v2.13.0, the last of which a copy could be had. */
export const NTFY_2_19_IMAGE: ImageContract = {
  reference: "docker.io/binwiederhier/ntfy:v2.19.2",
  tag: read("published", "public Dockerfiles build FROM binwiederhier/ntfy:v2.19.2"),
  read: [
    { repository: "binwiederhier/ntfy", ref: "v2.13.0", path: "Dockerfile" },
    { repository: "binwiederhier/ntfy", ref: "v2.13.0", path: ".goreleaser.yml" },
    { repository: "binwiederhier/ntfy", ref: "v2.13.0", path: "server/config.go" },
  ],
  processes: read(
    [{ program: "ntfy serve", user: "0:0", role: "first" }],
    `${DOCKERFILE}: ENTRYPOINT is the program, no USER`,
  ),
  capabilities: read(
    // The engine lets every user of a container open port 80.
    { start: [], work: [], stop: [] },
    `${DOCKERFILE}: no setcap, no other user`,
  ),
  checkPrograms: read(["sh", "wget", "nc", "grep"], `${DOCKERFILE}: FROM alpine; no curl`),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: read(["80"], `${DOCKERFILE}: EXPOSE; ${PAGE}: listen-http`),
  writes: read(["/var/cache/ntfy", "/etc/ntfy"], `${PAGE}: cache-file and auth-file, as declared`),
  firstStartOnly: read(
    [],
    `${PAGE}: users, access and tokens of the configuration are put in at each start`,
  ),
  memoryFloor: unread("no page of the project gives a number"),
  secretReader: read("0:0", `${DOCKERFILE}: no USER`),
  data: read(
    { olderOpens: "never", newerOpens: true },
    "binwiederhier/ntfy 000bf27 user/manager.go, setupDB: refuses a schema that it does not know",
  ),
  secrets: "config-file",
};
