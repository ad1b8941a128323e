// Entry of the Pulumi program. It only makes Node read TypeScript from source, so that a
// deployment is always the checkout and never a built folder that could outlive it.
import { fromSource } from "./from-source.mjs";

const readableTraces = Boolean(process.env.HOMELAB_TRACE);
const { program } = await fromSource(import.meta.resolve("./index.ts"), { readableTraces });
// The SDK notes for each of its thousands of promises where it was made, and formatting these
// notes took a third of every preview. HOMELAB_TRACE=1 brings them back, for whoever looks for a
// bug in the program.
if (!readableTraces) Error.stackTraceLimit = 0;
export default () => program(import.meta.dirname);
