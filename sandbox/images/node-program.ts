// Node.js in an image: that of this computer, with the libraries that it is loaded with, because
// those of the base layer may be older than the ones it was built for.
import { basename } from "node:path";
import { run } from "../../hosts/local-command.ts";
import { folder, textFile, type PathEntry } from "./path-entry.ts";

/** Folder of it in the image. */
const FOLDER = "/usr/local/lib/node";

/** Where an image has Node.js. */
export const NODE = "/usr/local/bin/node";

/** The Node.js of this computer. */
export interface NodeProgram {
  /** E.g. "v22.23.1". */
  readonly version: string;
  /** Path of what loads it with its libraries. */
  readonly loader: string;
  /** Paths of the program and of its libraries, the loader among them. */
  readonly files: readonly string[];
}

/**
 * The Node.js that runs this program.
 * @throws Error when it is linked in a way that nobody has met yet
 */
export async function nodeProgram(): Promise<NodeProgram> {
  const { stdout } = await run(["ldd", process.execPath], {});
  const { loader, libraries } = librariesIn(stdout);
  return {
    version: process.version,
    loader,
    files: [process.execPath, ...libraries, loader],
  };
}

/** The files that ldd names, e.g. "libm.so.6 => /lib/libm.so.6 (0x00007f…)". */
export function librariesIn(listed: string): {
  readonly loader: string;
  readonly libraries: readonly string[];
} {
  const paths = [...listed.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/gm)].map(
    ([, path = ""]) => path,
  );
  const [loader] = paths.filter((path) => /^ld-linux/.test(basename(path)));
  if (loader === undefined) {
    throw new Error(`no loader of Node.js is in what ldd says of ${process.execPath}:\n${listed}`);
  }
  return { loader, libraries: paths.filter((path) => path !== loader) };
}

/** Where the image has a file of it. */
export function inImage(file: string): string {
  return `${FOLDER}/${basename(file)}`;
}

/** The folder of it, and what starts it under its name. */
export function nodePaths({ version, loader, files: [program = ""] }: NodeProgram): PathEntry[] {
  const start = `#!/bin/sh
# Node.js ${version}
exec ${inImage(loader)} --library-path ${FOLDER} ${inImage(program)} "$@"
`;
  return [folder(FOLDER), textFile(NODE, start, 0o755)];
}
