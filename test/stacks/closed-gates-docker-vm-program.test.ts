import { realiseStack } from "../../stacks/host.ts";
import { describeClosedGates } from "./describe-closed-gates.ts";

describeClosedGates("docker-vm", realiseStack, {
  gates: ["nas-downloads", "nas-media", "nas-photos"],
  held: ["immich-server", "jellyfin", "qbittorrent", "radarr", "sonarr"],
});
