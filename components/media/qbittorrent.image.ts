import { linuxServerImage } from "../core/linuxserver.image.ts";

/** qBittorrent without a desktop, as LinuxServer builds it; its page is where WEBUI_PORT says. */
export const QBITTORRENT_5_1_IMAGE = linuxServerImage({
  reference: "lscr.io/linuxserver/qbittorrent:5.1.4",
  repository: "linuxserver/docker-qbittorrent",
  ref: "5.1.4-r3-ls453",
  program: "qbittorrent-nox",
  user: "1000:1000",
  ports: ["8081", "6881", "6881/udp"],
  script: "svc-qbittorrent/run",
  firstStartOnly: ["/defaults/qBittorrent.conf"],
});
