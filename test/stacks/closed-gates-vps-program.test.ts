import { vps } from "../../stacks/vps.ts";
import { describeClosedGates } from "./describe-closed-gates.ts";

describeClosedGates("vps", vps, { gates: ["mesh"], held: ["adguard", "restic-rest"] });
