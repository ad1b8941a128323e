import { describeProgram } from "./describe-program.ts";

describeProgram("docker-vm");
