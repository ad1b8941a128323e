#!/usr/bin/env node
// Entry of the `homelab` command. It only makes Node read TypeScript from source, so that what
// runs is always the checkout and never a built folder that could outlive it.
import { register } from "tsx/esm/api";

register();
// A reader that has seen enough (`| head`) is no failure.
process.stdout.on("error", (error) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv);
