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
    logLevel: "silent",
  });
  return outfile;
}
