import { linuxServerImage } from "../core/linuxserver.image.ts";

/** Prowlarr, as LinuxServer builds it. */
export const PROWLARR_2_3_IMAGE = linuxServerImage({
  reference: "lscr.io/linuxserver/prowlarr:2.3.0",
  repository: "linuxserver/docker-prowlarr",
  ref: "2.3.0.5236-ls140",
  program: "Prowlarr",
  user: "1000:1000",
  ports: ["9696"],
  script: "svc-prowlarr/run",
});
