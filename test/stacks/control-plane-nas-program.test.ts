import { describeControlPlane } from "./describe-control-plane.ts";

describeControlPlane("nas", {
  made: ["command:local:Command acting-files", "command:local:Command reporting-files"],
});
