import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CHECKOUT } from "../support/rooms.ts";

/** A test of the page: its file, and its title. */
const TEST = /`(test\/[\w./-]+\.test\.ts)`((?:(?: and)? "[^"]+")+)/g;
/** Numbers of lessons at the end of a title. */
const NUMBERS = /\(((?:(?:[SR]\d+|must-show \d+)(?:, )?)+)\)$/;
const ALL = [
  ...Array.from({ length: 29 }, (_, at) => `S${at + 1}`),
  ...Array.from({ length: 32 }, (_, at) => `R${at + 1}`),
];

const page = readFileSync(join(CHECKOUT, "docs/lessons.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => /^\| [SR]\d+ /.test(line))
  .map((line) => {
    const [, number = "", , here = ""] = line.split("|").map((cell) => cell.trim());
    const tests = [...here.matchAll(TEST)].flatMap(([, file = "", titles = ""]) =>
      [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => `${file} ${title}`),
    );
    return { number, here, tests };
  });

/** File and title of each test whose title ends with numbers of lessons. */
const numbered = readdirSync(join(CHECKOUT, "test"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts"))
  .flatMap((name) => {
    const text = readFileSync(join(CHECKOUT, "test", name), "utf8");
    return [...text.matchAll(/"((?:[^"\\\n]|\\.)+\))"/g)].flatMap(([, title = ""]) => {
      const [, numbers = ""] = NUMBERS.exec(title) ?? [];
      const lessons = numbers.split(", ").filter((each) => /^[SR]\d+$/.test(each));
      return lessons.map((number) => ({ number, test: `test/${name} ${title}` }));
    });
  });

describe("the page of what broke elsewhere", () => {
  it("has a row for each number, in order", () => {
    expect(rows.map(({ number }) => number)).toEqual(ALL);
  });

  it("names exactly the tests that have a row's number in their title", () => {
    for (const { number, tests } of rows) {
      const titles = numbered.filter((each) => each.number === number).map(({ test }) => test);
      expect([...new Set(tests)].sort(), number).toEqual([...new Set(titles)].sort());
    }
  });

  it("says of each row without a test why there is none", () => {
    const silent = rows.filter(
      ({ here, tests }) => tests.length === 0 && !/^(Does not apply|Not tried): /.test(here),
    );
    expect(silent).toEqual([]);
  });
});
