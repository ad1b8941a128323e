import { vps } from "../../stacks/vps.ts";
import { describeProgram } from "./describe-program.ts";

describeProgram("vps", vps);
