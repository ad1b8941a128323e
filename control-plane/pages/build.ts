// Makes the files of the pages from source, at deployment: never from a folder that could outlive the
// checkout. It runs at the desk; everything else in this room runs in a browser.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Folder of the pages, in the checkout. */
const ROOM = "control-plane/pages";

/** Browsers of 2023 and later: `dialog`, nested styles, `color-mix`. */
const BROWSERS = ["chrome120", "firefox121", "safari17.2"];

/** Files of the pages. */
export type PageFile = "index.html" | "page.js" | "page.css";

/** The files, and what of the checkout they were made of. */
export interface PageBundle {
  readonly files: Readonly<Record<PageFile, string>>;
  readonly sources: readonly string[];
}

/** The files of the pages by name. The same sources give the same text. @param checkout its folder */
export async function bundlePages(checkout: string): Promise<PageBundle> {
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    absWorkingDir: checkout,
    entryPoints: { page: `${ROOM}/main.tsx`, style: `${ROOM}/style/main.css` },
    outdir: "out",
    bundle: true,
    write: false,
    metafile: true,
    platform: "browser",
    format: "esm",
    target: BROWSERS,
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: true,
    legalComments: "none",
    logLevel: "silent",
  });
  const made = (ending: string): string => {
    const file = outputFiles.find(({ path }) => path.endsWith(ending));
    if (!file) throw new Error(`esbuild made no ${ending} of ${ROOM}`);
    return file.text;
  };
  const page = `${ROOM}/index.html`;
  // The packages in it are those of the lock file.
  const sources = Object.keys(metafile.inputs).filter((path) => !path.includes("node_modules/"));
  return {
    files: {
      "index.html": await readFile(join(checkout, page), "utf8"),
      "page.js": made("page.js"),
      "page.css": made("style.css"),
    },
    sources: [...sources, page].sort(),
  };
}
