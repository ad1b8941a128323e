import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { WORDS } from "../../../control-plane/pages/words.ts";
import { CHECKOUT } from "../../support/rooms.ts";

const PAGES = join(CHECKOUT, "control-plane/pages");

/** What draws and decides, by its path below the pages: everything but the words. */
const sources = readdirSync(PAGES, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path) && !/^words(\.ts$|\/)/.test(path))
  .map((path) => ({ path, text: readFileSync(join(PAGES, path), "utf8") }));

describe("the words of the pages", () => {
  it("stand in one of the joined files alone, so that none hides another", async () => {
    const files = await Promise.all(
      readdirSync(join(PAGES, "words")).map(
        (name) => import(join(PAGES, "words", name)) as Promise<Record<string, object>>,
      ),
    );
    const parts = Object.assign({}, ...files) as Record<string, object>;
    const text = readFileSync(join(PAGES, "words.ts"), "utf8");
    const joined = [...text.matchAll(/^ {2}\.\.\.([A-Z_]+),$/gm)].map(([, name = ""]) => name);
    const words = joined.flatMap((name) => Object.keys(parts[name] ?? {}));
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
    expect(joined.length).toBeGreaterThan(0);
  });

  it("are all of the words: nothing that is drawn has one of its own", () => {
    const own = />\s*[A-Za-z][A-Za-z ,.…:]*<\/|\s(?:aria-label|alt|placeholder|title)="[^"]/;
    expect(sources.filter(({ text }) => own.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("are all said somewhere", () => {
    const all = sources.map(({ text }) => text).join("\n");
    expect(
      Object.keys(WORDS).filter((word) => !new RegExp(`WORDS\\.${word}\\b`).test(all)),
    ).toEqual([]);
  });
});
