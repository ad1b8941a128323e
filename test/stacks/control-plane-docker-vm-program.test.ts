import { dockerVm } from "../../stacks/docker-vm.ts";
import { describeControlPlane } from "./describe-control-plane.ts";

describeControlPlane("docker-vm", dockerVm, {
  made: ["command:local:Command acting-files", "command:local:Command reporting-files"],
});
