import { realiseStack } from "../../stacks/host.ts";
import { describeClosedGates } from "./describe-closed-gates.ts";

describeClosedGates("vps", realiseStack, { gates: ["mesh"], held: ["adguard", "restic-rest"] });
