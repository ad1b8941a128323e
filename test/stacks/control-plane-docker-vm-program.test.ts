import { describeControlPlane } from "./describe-control-plane.ts";

describeControlPlane("docker-vm", {
  made: ["command:local:Command acting-files", "command:local:Command reporting-files"],
});
