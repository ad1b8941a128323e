import { read } from "../../model/image-contract.ts";
import { linuxServerImage } from "../core/linuxserver.image.ts";

/** Syncthing, as LinuxServer builds it. */
export const SYNCTHING_2_0_IMAGE = linuxServerImage({
  reference: "lscr.io/linuxserver/syncthing:2.0.14",
  repository: "linuxserver/docker-syncthing",
  ref: "v2.0.14-ls209",
  program: "syncthing",
  user: "1000:1000",
  ports: ["8384", "22000", "22000/udp", "21027/udp"],
  script: "svc-syncthing/run",
  data: read(
    { olderOpens: "never", newerOpens: true },
    "syncthing/syncthing 08a53bb internal/db/sqlite/basedb.go, openBase: brings it forward, asks nothing of a newer one",
  ),
});
