#!/usr/bin/env node
// Entry of the `homelab` command. What runs is always the checkout, and never a built folder that
// could outlive it: the commands are loaded as one file that is kept while every source is as it was
// (kept-bundle.mjs), else from the sources themselves.
import { dirname } from "node:path";
import { keptBundle } from "./kept-bundle.mjs";

// ssh runs in the checkout, wherever this was called from.
process.env.HOMELAB_CHECKOUT ??= dirname(import.meta.dirname);
// A reader that has seen enough (`| head`) is no failure.
process.stdout.on("error", (error) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
const { main } = await commands();
process.exitCode = await main(process.argv);

async function commands() {
  process.setSourceMapsEnabled(true);
  // A mistake in a file concerns only the commands that load it, and tsx says it then. Where nothing
  // can be kept, it is as good and takes its time.
  const bundle = await keptBundle(import.meta.resolve("./main.ts")).catch(() => undefined);
  if (bundle !== undefined) return import(bundle);
  const { register } = await import("tsx/esm/api");
  register();
  return import("./main.ts");
}
