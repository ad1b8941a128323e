import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { bundlePages, type PageBundle } from "../../../control-plane/pages/build.ts";
import { CHECKOUT } from "../../support/rooms.ts";

/** Script and style together, compressed, in bytes. */
const MOST_BYTES = 250_000;

/** Names that stand in a program without being asked for: kinds of elements. */
const NAMESPACES = /^http:\/\/www\.w3\.org\//;

let bundle: PageBundle;

beforeAll(async () => {
  bundle = await bundlePages(CHECKOUT);
});

describe("the files of the pages", () => {
  it("are one page, one script and one style, under 250 kB compressed", () => {
    const { files } = bundle;
    expect(Object.keys(files).sort()).toEqual(["index.html", "page.css", "page.js"]);
    const bytes = gzipSync(files["page.js"]).length + gzipSync(files["page.css"]).length;
    expect(bytes).toBeLessThan(MOST_BYTES);
  });

  it("name no other origin, and no path that does not begin where the page is", () => {
    const all = Object.values(bundle.files).join("\n");
    const named = [...all.matchAll(/(?:https?:)?\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+[^"'`\s]*/gi)];
    expect(named.map(([address]) => address).filter((one) => !NAMESPACES.test(one))).toEqual([]);
    expect(bundle.files["index.html"]).not.toMatch(/(?:src|href)="\//);
    expect(bundle.files["page.js"]).not.toMatch(/["'`]\/api/);
    expect(bundle.files["page.css"]).not.toMatch(/url\(|@import/);
  });

  it("have no script or style in the page itself, and need no text that is run as code", () => {
    const { "index.html": page, "page.js": script } = bundle.files;
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/);
    expect(script).not.toMatch(
      /\beval\(|new Function\(|dangerouslySetInnerHTML:|\.innerHTML=[^=]*\b[a-z]\.(?:text|reason)/,
    );
  });

  it("are made of the checkout's own sources, and the same each time", async () => {
    expect(bundle.sources).toContain("control-plane/pages/words.ts");
    expect(
      bundle.sources.filter((file) => !/^(control-plane\/(pages|contract)|model)\//.test(file)),
    ).toEqual([]);
    expect((await bundlePages(CHECKOUT)).files).toEqual(bundle.files);
  });
});
