import { describe, expect, it } from "vitest";
import { baseRootKey, sourceFrom } from "../../sandbox/base-root.ts";

const LINES = `http://mirror.test/debian bookworm main
http://mirror.test/debian bookworm non-free
http://mirror.test/debian bookworm-updates main
http://other.test/nodesource nodistro main
`;

describe("the packages' source", () => {
  it("is the mirror of the computer's own suite, with the free components alone", () => {
    expect(sourceFrom(LINES, "bookworm")).toEqual({
      site: "http://mirror.test/debian",
      suite: "bookworm",
      components: ["main"],
    });
  });

  it("is unknown when apt knows no mirror of that suite", () => {
    expect(sourceFrom(LINES, "trixie")).toBeUndefined();
  });
});

it("keeps a root under a name that changes with its packages", () => {
  expect(baseRootKey("bookworm", ["a"])).not.toBe(baseRootKey("bookworm", ["a", "b"]));
  expect(baseRootKey("bookworm", ["a"])).toBe(baseRootKey("bookworm", ["a"]));
});
