// The commands and their packages as one file, which loads several times faster than six hundred.
// It is kept in the cache together with the checksum of everything that it was made of, and is used
// while all of it is as it was, so what runs is always the checkout. The times of the files say
// nothing: `git checkout` and `npm ci` set them as they like.
import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const CHECKOUT = dirname(import.meta.dirname);

/** Files that say how, and with which packages, the one file is made. */
const MADE_WITH = [
  relative(CHECKOUT, import.meta.filename),
  "package.json",
  "package-lock.json",
  "node_modules/.package-lock.json",
  "tsconfig.json",
];

/** What nobody has made anew for so long belongs to a checkout that is gone, or is quickly made. */
const KEPT_DAYS = 30;

/**
 * The module at `url` and all below it as one file to import; answers the file's address.
 * @param {string} url
 * @throws where nothing can be kept, and when a module below it is not there or is no TypeScript
 */
export async function keptBundle(url) {
  const folder = join(process.env.HOMELAB_CACHE || join(homedir(), ".cache/homelab"), "command");
  // Two checkouts, of a commit and the one before it, keep theirs beside one another.
  const path = join(folder, `${sha256(fileURLToPath(url)).slice(0, 16)}.mjs`);
  if (isCurrent(path)) return pathToFileURL(path).href;
  // Written beside and put there in one step: others may be doing the same.
  const draft = `${path}.${randomUUID()}`;
  await mkdir(folder, { recursive: true });
  try {
    // Where it cannot be written, the work is not done for nothing.
    await writeFile(draft, "");
    await writeFile(draft, await bundled(url));
    await rename(draft, path);
    await removeForgotten(folder);
    return pathToFileURL(path).href;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Takes nothing from whoever runs from one of them: it has been read as a whole. */
async function removeForgotten(folder) {
  const before = Date.now() - KEPT_DAYS * 24 * 60 * 60 * 1000;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // Another may have been quicker.
    const made = (await stat(path).catch(() => undefined))?.mtimeMs ?? before;
    if (made < before) await rm(path, { force: true });
  }
}

/** Whether the file is whole, and made of what is there now: its last line says of what. */
function isCurrent(path) {
  try {
    const content = readFileSync(path);
    const end = content.lastIndexOf("\n//");
    const { code, sources } = JSON.parse(content.subarray(end + 3).toString());
    return (
      code === sha256(content.subarray(0, end)) &&
      Object.entries(sources).every(([file, digest]) => digest === digestNow(file))
    );
  } catch {
    return false;
  }
}

/** Of a file that is named from the checkout; null when there is none. */
function digestNow(file) {
  try {
    return sha256(readFileSync(resolve(CHECKOUT, file)));
  } catch {
    return null;
  }
}

function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}

/** The text of the one file. What it is made of is noted as it is read, not as it is afterwards. */
async function bundled(url) {
  const sources = Object.fromEntries(MADE_WITH.map((file) => [file, digestNow(file)]));
  // Loaded only when something changed.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: CHECKOUT,
    entryPoints: [fileURLToPath(url)],
    write: false,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    // Some packages are written with `require`.
    banner: {
      js: 'import{createRequire as $r}from"node:module";const require=$r(import.meta.url);',
    },
    define: Object.fromEntries(PLACES.map((word) => [`import.meta.${word}`, `$${word}`])),
    sourcemap: "inline",
    sourcesContent: false,
    // Paths in the map are relative to the checkout, wherever the file is.
    outfile: "commands.mjs",
    sourceRoot: `${pathToFileURL(CHECKOUT).href}/`,
    plugins: [...FROM_THEIR_FOLDER.map(fromItsFolder), readingInto(sources)],
    logLevel: "silent",
  });
  const code = outputFiles[0].text.trimEnd();
  return `${code}\n//${JSON.stringify({ code: sha256(code), sources })}\n`;
}

const LOADERS = { ".ts": "ts", ".js": "js", ".mjs": "js", ".cjs": "js", ".json": "json" };

/** They find their own files beside themselves, so they stay where they are. */
const FROM_THEIR_FOLDER = ["tsx/esm/api", "esbuild"];

function fromItsFolder(specifier) {
  return {
    name: "from its folder",
    setup(on) {
      on.onResolve({ filter: new RegExp(`^${specifier}$`) }, () => ({
        path: import.meta.resolve(specifier),
        external: true,
      }));
    },
  };
}

/** What a module may ask about itself; the rest nobody but Node can answer, and of the source only. */
const PLACES = ["url", "dirname", "filename"];
const ASKED = /\bimport\.meta\b(?:\.(\w+))?/g;

/** Reads each file, notes its checksum, and lets it know where it is from, not where it is now. */
function readingInto(sources) {
  return {
    name: "reading",
    setup(on) {
      on.onLoad({ filter: /\.([cm]?js|ts|json)$/ }, async ({ path }) => {
        const content = await readFile(path);
        sources[relative(CHECKOUT, path)] = sha256(content);
        const text = content.toString();
        const asked = [...text.matchAll(ASKED)].map(([, word]) => word);
        if (!asked.every((word) => PLACES.includes(word))) {
          throw new Error(`import.meta is asked for more than ${PLACES.join(", ")}`);
        }
        const contents = asked.length > 0 ? `${placeOf(path)}${text}` : text;
        return { contents, loader: LOADERS[extname(path)] };
      });
    },
  };
}

function placeOf(path) {
  const place = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path };
  return PLACES.map((word) => `const $${word}=${JSON.stringify(place[word])};`).join("");
}
