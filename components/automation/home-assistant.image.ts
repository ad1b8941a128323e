import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "home-assistant/core Dockerfile of 2026";
const BASE = "home-assistant/docker-base alpine/Dockerfile";
const RUN = "home-assistant/core rootfs/etc/services.d/home-assistant/run";

/** Home Assistant in its container without a supervisor of its own kind. */
export const HOME_ASSISTANT_2026_2_IMAGE: ImageContract = {
  reference: "docker.io/homeassistant/home-assistant:2026.2.3",
  tag: read(
    "published",
    "public compose files and job files run homeassistant/home-assistant:2026.2.3",
  ),
  read: [
    // The stored commits near 2026.2.3; the repository is too large to have whole.
    { repository: "home-assistant/core", ref: "005c812", path: "Dockerfile" },
    {
      repository: "home-assistant/core",
      ref: "15b5610",
      path: "rootfs/etc/services.d/home-assistant/run",
    },
    { repository: "home-assistant/docker-base", ref: "HEAD of 2026-11", path: "alpine/Dockerfile" },
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
    `${DOCKERFILE} and ${BASE}: no setcap; all processes are root's; port 8123`,
  ),
  checkPrograms: read(["sh", "ash", "curl", "wget", "python3"], `${BASE}: alpine with curl`),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
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
  secrets: "config-file",
};
