// What a browser is given to run: exactly these files, read once, at the start.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../../model/errors.ts";

const TYPES = {
  "index.html": "text/html; charset=utf-8",
  "page.js": "text/javascript; charset=utf-8",
  "page.css": "text/css; charset=utf-8",
} as const;

/** A file of the page. */
export interface StaticFile {
  /** Below the page's base; empty for index.html. */
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
  /** Value of ETag; another content has another. */
  readonly tag: string;
}

/**
 * Reads them.
 * @throws UserError HL-OPERATOR-UI when one is missing
 */
export function readStaticFiles(folder: string): Promise<StaticFile[]> {
  return Promise.all(
    Object.entries(TYPES).map(async ([name, type]) => {
      const path = join(folder, name);
      const body = await readFile(path).catch(() => {
        throw new UserError("HL-OPERATOR-UI", `${path} cannot be read; a deployment writes it`);
      });
      const sum = createHash("sha256").update(body).digest("base64url").slice(0, 22);
      return { path: name === "index.html" ? "" : name, type, body, tag: `"${sum}"` };
    }),
  );
}
