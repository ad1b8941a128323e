// Entry of a Pulumi program that rents the machine and does nothing else.
import { register } from "tsx/esm/api";

register();
const { program } = await import("./machine-program.ts");
export default program;
