import { nas } from "../../stacks/nas.ts";
import { describeProgram } from "./describe-program.ts";

describeProgram("nas", nas);
