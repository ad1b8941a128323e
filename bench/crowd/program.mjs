// The homelab's Pulumi program with a Docker VM that has more services: everything is the
// checkout's own, but for the list of that host's apps.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const CHECKOUT = resolve(import.meta.dirname, "../..");

/** Packages are where this file finds them; the list of apps is the crowded one, for who declares the fleet. */
const crowded = {
  name: "crowded",
  setup(on) {
    on.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === "entry-point" ? undefined : { path: import.meta.resolve(path), external: true },
    );
    on.onResolve({ filter: /^\.\/docker-vm\.plan\.ts$/ }, ({ importer }) =>
      importer === join(CHECKOUT, "household", "fleet.plan.ts")
        ? { path: join(import.meta.dirname, "docker-vm.plan.ts") }
        : undefined,
    );
  },
};

const folder = await mkdtemp(join(tmpdir(), "homelab-crowd-"));
const outfile = join(folder, "program.mjs");
await build({
  entryPoints: [join(CHECKOUT, "index.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  plugins: [crowded],
  logLevel: "warning",
});
const { program } = await import(pathToFileURL(outfile).href);
await rm(folder, { recursive: true, force: true });
// As the checkout's own program has it, and for the same reasons.
Error.stackTraceLimit = 0;
Error.prepareStackTrace = String;
export default () => program(CHECKOUT);
