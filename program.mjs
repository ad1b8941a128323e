// Entry of the Pulumi program. It only makes Node read TypeScript from source, so that a
// deployment is always the checkout and never a built folder that could outlive it.
import { fromSource } from "./from-source.mjs";

const readableTraces = Boolean(process.env.HOMELAB_TRACE);
const { program } = await fromSource(import.meta.resolve("./index.ts"), { readableTraces });
// The SDK notes where each of its thousands of promises was made, which took a third of every
// preview, and where each resource was made, which would put paths of this machine into the state.
// HOMELAB_TRACE=1 brings both back, for whoever looks for a bug in the program.
if (!readableTraces) {
  Error.stackTraceLimit = 0;
  Error.prepareStackTrace = String;
}
export default () => program(import.meta.dirname);
