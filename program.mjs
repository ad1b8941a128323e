// Entry of the Pulumi program. It only makes Node read TypeScript from source, so that a
// deployment is always the checkout and never a built folder that could outlive it.
import { register } from "tsx/esm/api";

register();
const { program } = await import("./index.ts");
export default program;
