import { nas } from "../../stacks/nas.ts";
import { describeControlPlane } from "./describe-control-plane.ts";

describeControlPlane("nas", nas, {
  made: ["command:local:Command acting-files", "command:local:Command reporting-files"],
});
