import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Oldest Node.js that runs the program; Debian 12 has it. */
export const NODE_MAJOR = 18;

/** What the program is made of, and what makes it. */
const SOURCES = ["boot", "model"];
const TOOLS = "package-lock.json";

/**
 * The boot orchestrator as one file of JavaScript for a host, made from source. The same sources
 * give the same text. It is kept in the cache, because every preview asks for it.
 * @param checkout folder of the checkout
 */
export async function bootProgram(checkout: string): Promise<string> {
  const folder = join(process.env["HOMELAB_CACHE"] ?? join(homedir(), ".cache/homelab"), "boot");
  const path = join(folder, `${await sourceDigest(checkout)}.mjs`);
  const known = await readFile(path, "utf8").catch(() => undefined);
  if (known !== undefined) return known;
  const text = await bundle(checkout);
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, path);
  return text;
}

/** Bundles without looking into the cache. */
export async function bundle(checkout: string): Promise<string> {
  // Loaded only when something changed: it takes longer to load than the cache to read.
  const { build } = await import("esbuild");
  const result = await build({
    absWorkingDir: checkout,
    entryPoints: ["boot/main.ts"],
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: `node${NODE_MAJOR}`,
    // It travels to the host and stands in Pulumi's state; whole, it would be eight times as long.
    minify: true,
    legalComments: "none",
    logLevel: "silent",
  });
  const [file] = result.outputFiles;
  if (!file) throw new Error("esbuild made no file of boot/main.ts");
  return file.text;
}

async function sourceDigest(checkout: string): Promise<string> {
  const names = await Promise.all(
    SOURCES.map(async (folder) =>
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
