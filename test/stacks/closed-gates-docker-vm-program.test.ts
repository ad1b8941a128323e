import { dockerVm } from "../../stacks/docker-vm.ts";
import { describeClosedGates } from "./describe-closed-gates.ts";

describeClosedGates("docker-vm", dockerVm, {
  gates: ["nas-downloads", "nas-media", "nas-photos"],
  held: ["immich-server", "jellyfin", "qbittorrent", "radarr", "sonarr"],
});
