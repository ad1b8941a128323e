import { DATA_NOT_READ, read, type ImageContract } from "../../model/image-contract.ts";

const REPOSITORY = "blakeblackshear/frigate v0.16.4";
const DOCKERFILE = `${REPOSITORY} docker/main/Dockerfile`;
const SERVICES = `${REPOSITORY} docker/main/rootfs/etc/s6-overlay/s6-rc.d`;

/** Frigate with its go2rtc and nginx, under s6-overlay. */
export const FRIGATE_0_16_IMAGE: ImageContract = {
  reference: "ghcr.io/blakeblackshear/frigate:0.16.4",
  tag: read("published", "public compose and job files run ghcr.io/blakeblackshear/frigate:0.16.4"),
  read: [
    { repository: "blakeblackshear/frigate", ref: "v0.16.4", path: "docker/main/Dockerfile" },
    {
      repository: "blakeblackshear/frigate",
      ref: "v0.16.4",
      path: "docker/main/rootfs/etc/s6-overlay/s6-rc.d/frigate/run",
    },
    {
      repository: "blakeblackshear/frigate",
      ref: "v0.16.4",
      path: "docker/main/rootfs/etc/s6-overlay/s6-rc.d/log-prepare/run",
    },
    { repository: "blakeblackshear/frigate", ref: "v0.16.4", path: "frigate/app.py" },
    { repository: "blakeblackshear/frigate", ref: "v0.16.4", path: "frigate/const.py" },
    {
      repository: "just-containers/s6-overlay",
      ref: "v3.2.1.0",
      path: "layout/rootfs-overlay/package/admin/s6-overlay-@VERSION@/etc/s6-linux-init/skel/rc.shutdown",
    },
  ],
  processes: read(
    [
      { program: "/init", user: "0:0", role: "supervisor" },
      { program: "python3 -m frigate", user: "0:0", role: "server" },
      { program: "go2rtc", user: "0:0", role: "server" },
      { program: "nginx", user: "0:0", role: "server" },
      { program: "s6-log", user: "65534:65534", role: "server" },
    ],
    `${DOCKERFILE}: ENTRYPOINT /init; ${SERVICES}/frigate-log/run: logutil-service, which becomes nobody`,
  ),
  capabilities: read(
    { start: ["CHOWN", "FOWNER", "SETGID", "SETUID"], work: [], stop: ["KILL"] },
    `${SERVICES}/log-prepare/run (chown and chmod of nobody's folders), logutil-service (setuid); ` +
      "s6-overlay v3.2.1.0 rc.shutdown waits for every service without a limit, the loggers of nobody too",
  ),
  checkPrograms: read(
    ["sh", "bash", "curl", "python3", "test"],
    `${DOCKERFILE}: HEALTHCHECK uses curl`,
  ),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: read(
    ["5000", "8554", "8555", "8555/udp", "8971"],
    `${DOCKERFILE}: EXPOSE; docs/docs/configuration/authentication.md for 8971`,
  ),
  writes: read(
    ["/config", "/media/frigate", "/tmp/cache", "/dev/shm", "/etc/letsencrypt", "/usr/local/nginx"],
    `${REPOSITORY} frigate/app.py ensure_dirs, frigate/const.py; ${SERVICES}/nginx/run`,
  ),
  firstStartOnly: read([], `${REPOSITORY} docs/docs/configuration/index.md: read at each start`),
  memoryFloor: read(
    "4GiB",
    `${REPOSITORY} docs/docs/frigate/planning_setup.md: 4 GB is the basic minimum, 8 GB of a machine with face recognition`,
  ),
  secretReader: read("0:0", `${SERVICES}/frigate/run: no other user`),
  data: DATA_NOT_READ,
  secrets: "config-file",
};
