import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Oldest Node.js that runs the programs; Debian 12 has it. */
export const NODE_MAJOR = 18;

/** Node.js of the containers' image, but no newer than what this checkout runs with. */
const CONTAINER_NODE_MAJOR = 20;

const inContainer = (folder: string) =>
  ({ entry: `${folder}/main.ts`, format: "esm", node: CONTAINER_NODE_MAJOR }) as const;

/** Gives libraries that are written with `require` one, which a module of its own has not. */
const REQUIRE =
  'import{createRequire as requireOf}from"node:module";const require=requireOf(import.meta.url);';

/** Programs that run on a host or in a container of one: where each begins, and how it is written. */
const PROGRAMS = {
  boot: { entry: "programs/boot/main.ts", format: "esm", node: NODE_MAJOR },
  // Its library is written with `require`.
  uptime: { entry: "programs/uptime/main.ts", format: "cjs", node: NODE_MAJOR },
  observer: inContainer("control-plane/observer"),
  supervisor: inContainer("control-plane/supervisor"),
  executor: inContainer("control-plane/executor"),
  "operator-ui": { ...inContainer("control-plane/operator-ui"), banner: REQUIRE },
} as const;
type HostProgram = keyof typeof PROGRAMS;

/** A part of the control plane that runs in a container of its own. */
export type ControlPlanePart = Exclude<HostProgram, "boot" | "uptime">;

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

/** A part of the control plane for its container, see hostProgram. */
export function controlPlaneProgram(checkout: string, part: ControlPlanePart): Promise<string> {
  return hostProgram(checkout, part);
}

/** Digits of a program's checksum that name it. */
const BUILD_DIGITS = 12;

/** The build id of a program: the beginning of the SHA-256 of its text, e.g. "1f0c3a9b77de". */
export function buildOf(program: string): string {
  return sha256(program).slice(0, BUILD_DIGITS);
}

/**
 * A program as one file of JavaScript for a host, made from source. The same sources give the
 * same text. It is kept in the cache, because every preview asks for it, with the files that it was
 * made of: while each of them is as it was, so is the program.
 * @param checkout folder of the checkout
 */
async function hostProgram(checkout: string, name: HostProgram): Promise<string> {
  const folder = join(process.env["HOMELAB_CACHE"] ?? join(homedir(), ".cache/homelab"), name);
  // Two checkouts, of a commit and the one before it, keep theirs beside one another.
  const path = join(folder, `${sha256(checkout).slice(0, 16)}.json`);
  const known = await readFile(path, "utf8").then(parseKept, () => undefined);
  if (known !== undefined && (await holds(checkout, known.sources))) return known.text;
  const { text, sources } = await bundle(checkout, name);
  const kept: KeptProgram = { sources: await digests(checkout, [TOOLS, ...sources]), text };
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, JSON.stringify(kept));
  await rename(draft, path);
  return text;
}

/** A bundled program in the cache. */
interface KeptProgram {
  /** Checksum by file of the checkout that it contains or was made with. */
  readonly sources: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A file that a crash or another version left is no entry. */
function parseKept(json: string): KeptProgram | undefined {
  try {
    const kept = JSON.parse(json) as Partial<KeptProgram>;
    return kept.sources && typeof kept.text === "string" ? (kept as KeptProgram) : undefined;
  } catch {
    return undefined;
  }
}

async function holds(checkout: string, sources: KeptProgram["sources"]): Promise<boolean> {
  const now = await digests(checkout, Object.keys(sources)).catch(() => undefined);
  return now !== undefined && Object.keys(sources).every((file) => now[file] === sources[file]);
}

async function digests(
  checkout: string,
  files: readonly string[],
): Promise<Record<string, string>> {
  const entries = files.map(
    async (file) => [file, sha256(await readFile(join(checkout, file)))] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A bundle, and the files of the checkout that are in it. */
export interface Bundle {
  readonly text: string;
  readonly sources: readonly string[];
}

/** Bundles without looking into the cache. */
export async function bundle(checkout: string, name: HostProgram = "boot"): Promise<Bundle> {
  // Loaded only when something changed: it takes longer to load than the cache to read.
  const { build } = await import("esbuild");
  const program = PROGRAMS[name];
  const { entry, format, node } = program;
  const result = await build({
    absWorkingDir: checkout,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format,
    target: `node${node}`,
    ...("banner" in program && { banner: { js: program.banner } }),
    // It travels to the host and stands in Pulumi's state; whole, it would be eight times as long.
    minify: true,
    legalComments: "none",
    logLevel: "silent",
  });
  const [file] = result.outputFiles;
  if (!file) throw new Error(`esbuild made no file of ${entry}`);
  // The packages in it are those of the lock file.
  const sources = Object.keys(result.metafile.inputs).filter(
    (path) => !path.includes("node_modules/"),
  );
  return { text: file.text, sources: sources.sort() };
}
