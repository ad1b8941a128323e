#!/usr/bin/env node
// Entry of the `homelab` command. It only makes Node read TypeScript from source, so that what
// runs is always the checkout and never a built folder that could outlive it.
import { dirname } from "node:path";
import { register } from "tsx/esm/api";

register();
// ssh runs in the checkout, wherever this was called from.
process.env.HOMELAB_CHECKOUT ??= dirname(import.meta.dirname);
// A reader that has seen enough (`| head`) is no failure.
process.stdout.on("error", (error) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv);
