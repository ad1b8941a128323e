// What the homelab's program is measured beside: the same runtime, TypeScript read from source in
// the same way, and no resource.
import { fromSource } from "../../from-source.mjs";

const { program } = await fromSource(import.meta.resolve("./program.ts"));
export default program;
