import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "dani-garcia/vaultwarden 1.35.2 docker/Dockerfile.debian";
const START = "dani-garcia/vaultwarden 1.35.2 docker/start.sh";

/** Vaultwarden on Debian. */
export const VAULTWARDEN_1_35_IMAGE: ImageContract = {
  reference: "docker.io/vaultwarden/server:1.35.2",
  tag: read("published", "public Dockerfiles build FROM vaultwarden/server:1.35.2"),
  read: [
    { repository: "dani-garcia/vaultwarden", ref: "1.35.2", path: "docker/Dockerfile.debian" },
    { repository: "dani-garcia/vaultwarden", ref: "1.35.2", path: "docker/start.sh" },
    { repository: "dani-garcia/vaultwarden", ref: "1.35.2", path: "docker/healthcheck.sh" },
    { repository: "dani-garcia/vaultwarden", ref: "1.35.2", path: "src/config.rs" },
  ],
  processes: read(
    [{ program: "/vaultwarden", user: "0:0", role: "first" }],
    `${START}: exec /vaultwarden; ${DOCKERFILE}: no USER`,
  ),
  capabilities: read(
    // The engine lets every user of a container open port 80.
    { start: [], work: [], stop: [] },
    `${DOCKERFILE}: no setcap; ${START}: changes no user and no owner`,
  ),
  checkPrograms: read(
    ["sh", "bash", "curl", "grep", "sed"],
    `${DOCKERFILE}: debian with curl; no wget`,
  ),
  volumes: read(["/data"], `${DOCKERFILE}: VOLUME`),
  ports: read(["80"], `${DOCKERFILE}: ROCKET_PORT, EXPOSE`),
  writes: read(["/data", "/tmp"], "dani-garcia/vaultwarden 1.35.2 src/config.rs: data_folder, tmp"),
  firstStartOnly: read(
    [],
    "dani-garcia/vaultwarden 1.35.2 src/config.rs: what the admin page saved in config.json wins over variables",
  ),
  memoryFloor: unread("no page of the project gives a number"),
  secretReader: read("0:0", `${DOCKERFILE}: no USER`),
  data: read(
    { olderOpens: "never", newerOpens: true },
    `dani-garcia/vaultwarden#6288: no login after going back`,
  ),
  secrets: "file-variable",
};
