import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CHECKOUT } from "../support/rooms.ts";

/** A test of the page: its file, and its title. */
const TEST = /`(test\/[\w./-]+\.test\.ts)` "([^"]+)"/g;

const page = readFileSync(join(CHECKOUT, "docs/faults.md"), "utf8");
const rows = page.split("\n").filter((line) => /^\| F\d+ /.test(line));

describe("the page of faults", () => {
  it("has a row for each of the twenty", () => {
    const numbers = rows.map((row) => /^\| F(\d+) /.exec(row)?.[1]);
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => `${index + 1}`));
  });

  it("names no test that does not exist", () => {
    const named = [...page.matchAll(TEST)].map(([, file = "", title = ""]) => ({ file, title }));
    expect(named.length).toBeGreaterThan(20);
    const lacking = named.filter(
      ({ file, title }) => !readFileSync(join(CHECKOUT, file), "utf8").includes(`"${title}"`),
    );
    expect(lacking).toEqual([]);
  });

  it("says of each fault without a test that nobody has seen it", () => {
    const silent = rows.filter((row) => !row.includes(".test.ts") && !row.includes("not tried"));
    expect(silent).toEqual([]);
  });
});
