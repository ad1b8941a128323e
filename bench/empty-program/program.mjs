// What the homelab's program is measured beside: the same runtime, TypeScript read from source in
// the same way, and no resource.
import { register } from "tsx/esm/api";

register();
const { program } = await import("./program.ts");
export default program;
