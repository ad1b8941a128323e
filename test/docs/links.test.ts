import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execaSync } from "execa";
import { describe, expect, it } from "vitest";
import { CHECKOUT as ROOT, TOP_ROOMS } from "../support/rooms.ts";

/** What begins like this in a page is a path of the checkout. */
const NAMED = new RegExp(`\`((?:docs|test|${TOP_ROOMS.join("|")})/[\\w./-]*)\``, "g");

/** Folders that hold no source of ours to explain. */
const WITHOUT_README = [".ci"];

const files = execaSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
}).stdout.split("\n");
const pages = files.filter((file) => file.endsWith(".md") && existsSync(join(ROOT, file)));
const text = (page: string): string => readFileSync(join(ROOT, page), "utf8");

describe("the documentation", () => {
  it("has no link that leads nowhere in the checkout", () => {
    const broken = pages.flatMap((page) =>
      [...text(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].flatMap(([, target = ""]) =>
        existsSync(join(ROOT, dirname(page), target)) ? [] : [`${page}: ${target}`],
      ),
    );
    expect(broken).toEqual([]);
  });

  it("names no decision, page or source file that does not exist", () => {
    const broken = pages.flatMap((page) =>
      [...text(page).matchAll(NAMED)].flatMap(([, path = ""]) =>
        existsSync(join(ROOT, path)) ? [] : [`${page}: ${path}`],
      ),
    );
    expect(broken).toEqual([]);
  });

  it("explains each top folder in at most 25 lines", () => {
    const folders = new Set(
      files.flatMap((file) => (file.includes("/") ? [file.split("/")[0]] : [])),
    );
    for (const folder of folders) {
      if (folder === undefined || WITHOUT_README.includes(folder)) continue;
      const page = join(ROOT, folder, "README.md");
      expect(existsSync(page), `${folder}/README.md`).toBe(true);
      expect(readFileSync(page, "utf8").split("\n").length - 1, folder).toBeLessThanOrEqual(25);
    }
  });

  it("uses no number of a decision twice", () => {
    const numbers = pages
      .filter((page) => page.startsWith("docs/adr/"))
      .map((page) => page.slice("docs/adr/".length, "docs/adr/".length + 4));
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
