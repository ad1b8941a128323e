import { describeClosedGates } from "./describe-closed-gates.ts";

describeClosedGates("vps", { gates: ["mesh"], held: ["adguard", "restic-rest"] });
