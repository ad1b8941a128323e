import { read } from "../../model/image-contract.ts";
import { linuxServerImage } from "../core/linuxserver.image.ts";

/** Radarr, as LinuxServer builds it. */
export const RADARR_6_0_IMAGE = linuxServerImage({
  reference: "lscr.io/linuxserver/radarr:6.0.4",
  repository: "linuxserver/docker-radarr",
  ref: "6.0.4.10291-ls296",
  program: "Radarr",
  user: "1000:1000",
  ports: ["7878"],
  script: "svc-radarr/run",
  data: read(
    { olderOpens: "never", newerOpens: true },
    "Radarr/Radarr#1081: going back is not supported; SynoCommunity/spksrc#5271: its maintainer on a database that a newer version had used",
  ),
});
