import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const REPOSITORY = "dockur/samba";
const REF = "v4.23.5-r1";
const DOCKERFILE = `${REPOSITORY} ${REF} Dockerfile`;
const START = `${REPOSITORY} ${REF} samba.sh`;

/** Alpine's Samba behind a start script that makes the user. */
export const SAMBA_4_23_IMAGE: ImageContract = {
  reference: "docker.io/dockurr/samba:4.23.5",
  tag: read("published", `${REPOSITORY} ${REF} .github/workflows/build.yml: pushes the version`),
  read: [
    { repository: REPOSITORY, ref: REF, path: "Dockerfile" },
    { repository: REPOSITORY, ref: REF, path: "samba.sh" },
  ],
  processes: read(
    [
      { program: "tini", user: "0:0", role: "init" },
      { program: "smbd", user: "0:0", role: "server" },
    ],
    `${DOCKERFILE}: ENTRYPOINT tini; ${START}: exec smbd, which stays root between requests`,
  ),
  capabilities: read(
    {
      // The user and its password; then /storage is handed over where it is empty.
      start: ["CHOWN", "NET_BIND_SERVICE"],
      // Each request is served with the rights of the user who asks.
      work: ["DAC_OVERRIDE", "SETGID", "SETUID"],
      stop: [],
    },
    `${START}; smbd listens on 445 and changes its user for each session`,
  ),
  checkPrograms: read(
    ["sh", "bash", "wget", "nc", "grep", "smbclient"],
    `${DOCKERFILE}: alpine with bash and samba; its own HEALTHCHECK uses smbclient`,
  ),
  volumes: read(["/storage"], `${DOCKERFILE}: VOLUME`),
  ports: read(["139", "445"], `${DOCKERFILE}: EXPOSE`),
  writes: read(
    ["/etc", "/run/samba", "/var/lib/samba", "/var/cache/samba", "/var/log/samba"],
    `${START}: adduser, smbpasswd, /etc/samba.conf and the folders it opens`,
  ),
  // User and password are set at each start; a new password counts at the next one.
  firstStartOnly: read([], START),
  memoryFloor: unread("neither the image nor Samba's documentation states one"),
  secretReader: read("0:0", `${START}: reads /run/secrets/pass as root`),
  data: read(
    { olderOpens: "always", newerOpens: true },
    `${START}: /storage is the shared folder, and holds what people put there`,
  ),
  secrets: "file-variable",
};
