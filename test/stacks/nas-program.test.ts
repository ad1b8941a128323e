import { describeProgram } from "./describe-program.ts";

describeProgram("nas");
