import { realiseStack } from "../../stacks/host.ts";
import { describeProgram } from "./describe-program.ts";

describeProgram("docker-vm", realiseStack);
