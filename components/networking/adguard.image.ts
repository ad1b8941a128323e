import { read, unread, type ImageContract } from "../../model/image-contract.ts";

const DOCKERFILE = "AdguardTeam/AdGuardHome v0.107.73 docker/Dockerfile";

/** AdGuard Home. */
export const ADGUARD_0_107_IMAGE: ImageContract = {
  reference: "docker.io/adguard/adguardhome:v0.107.73",
  tag: read(
    "published",
    "public Dockerfiles build FROM adguard/adguardhome:v0.107.73@sha256:7fbf01d73ecb7a32d2d9e6cef8bf88e64bd787889ca80a1e8bce…",
  ),
  read: [{ repository: "AdguardTeam/AdGuardHome", ref: "v0.107.73", path: "docker/Dockerfile" }],
  processes: read(
    [{ program: "/opt/adguardhome/AdGuardHome", user: "0:0", role: "first" }],
    `${DOCKERFILE}: ENTRYPOINT is the program, no USER`,
  ),
  capabilities: read(
    // A file capability that is not in the bounding set makes exec fail, for root too. A new
    // volume belongs to nobody, as the folder that it covers.
    { start: ["NET_BIND_SERVICE", "DAC_OVERRIDE"], work: [], stop: [] },
    `${DOCKERFILE}: setcap cap_net_bind_service=+eip, chown -R nobody: /opt/adguardhome; capabilities(7), "Safety checking"`,
  ),
  checkPrograms: read(["sh", "wget", "nc", "nslookup"], `${DOCKERFILE}: alpine's busybox; no curl`),
  volumes: read([], `${DOCKERFILE}: no VOLUME`),
  ports: read(
    ["53", "53/udp", "3000"],
    `${DOCKERFILE}: EXPOSE, of these what http.address and dns.port name`,
  ),
  writes: read(
    ["/opt/adguardhome/conf", "/opt/adguardhome/work"],
    `${DOCKERFILE}: CMD, -c and -w; the configuration is written anew beside itself`,
  ),
  firstStartOnly: read([], "AdGuardHome wiki, Configuration: the file is read at each start"),
  memoryFloor: unread(
    "it ran out of 128 MB (AdguardTeam/AdGuardHome#2645), and of 406 MB while lists were renewed (#5606); nobody says what is enough",
  ),
  secretReader: read("0:0", `${DOCKERFILE}: no USER`),
  data: read(
    { olderOpens: "never", newerOpens: true },
    `AdguardTeam/AdGuardHome 1e45178 internal/confmigrate/migrator.go: refuses settings newer than it knows`,
  ),
  secrets: "config-file",
};
