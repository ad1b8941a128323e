import { realiseStack } from "../../stacks/host.ts";
import { describeControlPlane } from "./describe-control-plane.ts";

describeControlPlane("docker-vm", realiseStack, {
  made: ["command:local:Command acting-files", "command:local:Command reporting-files"],
});
