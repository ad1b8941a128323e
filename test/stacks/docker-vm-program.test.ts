import { dockerVm } from "../../stacks/docker-vm.ts";
import { describeProgram } from "./describe-program.ts";

describeProgram("docker-vm", dockerVm);
