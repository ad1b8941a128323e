import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Oldest Node.js that runs the programs; Debian 12 has it. */
export const NODE_MAJOR = 18;

/** Programs that run on a host: the folder of each, and how its file is written. */
const PROGRAMS = {
  boot: { format: "esm" },
  // Its library is written with `require`.
  uptime: { format: "cjs" },
} as const;
type HostProgram = keyof typeof PROGRAMS;

/** What makes a program of its sources. */
const TOOLS = "package-lock.json";

/** The boot orchestrator, see hostProgram. */
export function bootProgram(checkout: string): Promise<string> {
  return hostProgram(checkout, "boot");
}

/** What brings the monitors into Uptime Kuma, see hostProgram. */
export function uptimeProgram(checkout: string): Promise<string> {
  return hostProgram(checkout, "uptime");
}

/**
 * A program as one file of JavaScript for a host, made from source. The same sources give the
 * same text. It is kept in the cache, because every preview asks for it.
 * @param checkout folder of the checkout
 */
async function hostProgram(checkout: string, name: HostProgram): Promise<string> {
  const folder = join(process.env["HOMELAB_CACHE"] ?? join(homedir(), ".cache/homelab"), name);
  const path = join(folder, `${await sourceDigest(checkout, name)}.mjs`);
  const known = await readFile(path, "utf8").catch(() => undefined);
  if (known !== undefined) return known;
  const text = await bundle(checkout, name);
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, path);
  return text;
}

/** Bundles without looking into the cache. */
export async function bundle(checkout: string, name: HostProgram = "boot"): Promise<string> {
  // Loaded only when something changed: it takes longer to load than the cache to read.
  const { build } = await import("esbuild");
  const result = await build({
    absWorkingDir: checkout,
    entryPoints: [`${name}/main.ts`],
    bundle: true,
    write: false,
    platform: "node",
    format: PROGRAMS[name].format,
    target: `node${NODE_MAJOR}`,
    // It travels to the host and stands in Pulumi's state; whole, it would be eight times as long.
    minify: true,
    legalComments: "none",
    logLevel: "silent",
  });
  const [file] = result.outputFiles;
  if (!file) throw new Error(`esbuild made no file of ${name}/main.ts`);
  return file.text;
}

async function sourceDigest(checkout: string, name: HostProgram): Promise<string> {
  const names = await Promise.all(
    [name, "model"].map(async (folder) =>
      (await readdir(join(checkout, folder))).map((name) => `${folder}/${name}`),
    ),
  );
  const files = [TOOLS, ...names.flat().filter((name) => name.endsWith(".ts"))].sort();
  const digest = createHash("sha256");
  for (const file of files) {
    digest
      .update(`${file}\0`)
      .update(await readFile(join(checkout, file)))
      .update("\0");
  }
  return digest.digest("hex").slice(0, 16);
}
