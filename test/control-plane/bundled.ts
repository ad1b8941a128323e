import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { CHECKOUT } from "../support/rooms.ts";

/** A program of the checkout as one file, which Node.js runs. @param entry e.g. "control-plane/observer/main.ts" */
export async function bundled(entry: string): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), "program-")), "program.mjs");
  await build({
    absWorkingDir: CHECKOUT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // As the bundler of the programs gives it to those of which a library is written with `require`.
    banner: {
      js: 'import{createRequire as requireOf}from"node:module";const require=requireOf(import.meta.url);',
    },
    logLevel: "silent",
  });
  return outfile;
}
