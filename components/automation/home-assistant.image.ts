import { DATA_NOT_READ, read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "home-assistant/core 005c812 Dockerfile";
/** What it is built on, and what that is built on, both of the month of 2026.2. */
const PARTS = "home-assistant/docker 2026.02.0 Dockerfile";
const BASE = "home-assistant/docker-base 2026.02.0 alpine/Dockerfile";
const RUN = "home-assistant/core 15b5610 rootfs/etc/services.d/home-assistant/run";

/** Home Assistant in its container without a supervisor of its own kind. */
export const HOME_ASSISTANT_2026_2_IMAGE: ImageContract = {
  reference: "docker.io/homeassistant/home-assistant:2026.2.3",
  tag: read(
    "published",
    "public compose files and job files run homeassistant/home-assistant:2026.2.3",
  ),
  read: [
    // Commits that could be had; the repository is too large to have whole, at 2026.2.3 or any other.
    { repository: "home-assistant/core", ref: "005c812", path: "Dockerfile" },
    {
      repository: "home-assistant/core",
      ref: "15b5610",
      path: "rootfs/etc/services.d/home-assistant/run",
    },
    { repository: "home-assistant/docker", ref: "2026.02.0", path: "Dockerfile" },
    { repository: "home-assistant/docker-base", ref: "2026.02.0", path: "alpine/Dockerfile" },
  ],
  processes: read(
    [
      { program: "/init", user: "0:0", role: "supervisor" },
      { program: "python3 -m homeassistant", user: "0:0", role: "server" },
    ],
    `${BASE}: ENTRYPOINT /init of s6-overlay; ${RUN}: exec python3, no other user`,
  ),
  capabilities: read(
    { start: [], work: [], stop: [] },
    `${DOCKERFILE}, ${PARTS} and ${BASE}: no setcap; all processes are root's; port 8123`,
  ),
  checkPrograms: read(
    ["sh", "ash", "bash", "curl", "wget", "nc", "python3"],
    `${BASE}: alpine with bash and curl`,
  ),
  volumes: read([], `${DOCKERFILE}, ${PARTS} and ${BASE}: no VOLUME`),
  ports: read(["8123"], "home-assistant.io/integrations/http: server_port"),
  writes: read(["/config", "/run"], `${RUN}: --config /config; s6-overlay's README for /run`),
  firstStartOnly: read(
    [],
    "homeassistant 2026.2.3 config.py: configuration.yaml is read at each start, and made when missing",
  ),
  memoryFloor: unread(
    "the documentation asks for 2 GB of a whole machine, and nothing of a container",
  ),
  secretReader: read("0:0", `${RUN}: no other user`),
  data: DATA_NOT_READ,
  secrets: "config-file",
};
