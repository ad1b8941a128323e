import { describeProgram } from "./describe-program.ts";

describeProgram("vps");
