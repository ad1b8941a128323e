import { describeClosedGates } from "./describe-closed-gates.ts";

describeClosedGates("docker-vm", {
  gates: ["nas-downloads", "nas-media", "nas-photos"],
  held: ["immich-server", "jellyfin", "qbittorrent", "radarr", "sonarr"],
});
