import { linuxServerImage } from "../core/linuxserver.image.ts";

/** Sonarr, as LinuxServer builds it. */
export const SONARR_4_0_IMAGE = linuxServerImage({
  reference: "lscr.io/linuxserver/sonarr:4.0.16",
  repository: "linuxserver/docker-sonarr",
  ref: "4.0.16.2944-ls304",
  program: "Sonarr",
  user: "1000:1000",
  ports: ["8989"],
  script: "svc-sonarr/run",
});
