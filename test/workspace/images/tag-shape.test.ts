import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { laterTags, majorOf } from "../../../workspace/images/tag-shape.ts";

describe("the later versions of a tag", () => {
  it("are those with greater numbers, newest first, whatever order the registry has", () => {
    const all = ["1.10.0", "1.9.0", "0.9.0", "1.2.3", "2.0.0", "1.2.10"];
    expect(laterTags("1.2.3", all)).toEqual(["2.0.0", "1.10.0", "1.9.0", "1.2.10"]);
  });

  it.each([
    ["7-alpine", ["8", "8-alpine", "8-alpine3.22", "8.0-alpine", "8-bookworm"], ["8-alpine"]],
    ["v2.6.1", ["2.7.0", "v2.7.0", "v2.7", "v2.7.0-cuda", "release"], ["v2.7.0"]],
    ["11.0", ["12", "12.0", "12.0.1", "12.0-rootless"], ["12.0"]],
    ["4.5.1-full", ["4.5.2", "4.5.2-full", "latest-full", "dev"], ["4.5.2-full"]],
    ["1.24.2-1", ["1.24.2-2", "1.24.3-0", "1.25.0"], ["1.24.3-0", "1.24.2-2"]],
    [
      "17-vectorchord0.5.3",
      ["18-vectorchord0.5.3", "17-vectorchord0.6.0", "17-vectorchord0.5.3-pgvector0.8.1"],
      ["18-vectorchord0.5.3", "17-vectorchord0.6.0"],
    ],
    ["2025.04.0", ["2025.04.1", "2026.02.0", "2025.03.9"], ["2026.02.0", "2025.04.1"]],
    ["20251103", ["20260115", "20241231"], ["20260115"]],
  ])("of %s among %j are %j: only of its own variant and form", (tag, all, later) => {
    expect(laterTags(tag, all)).toEqual(later);
  });

  it("are no pre-releases, in whatever spelling", () => {
    const all = ["2.0.0-rc1", "2.0.0-rc.1", "2.0.0b3", "2.0.0-beta", "2.0.0-alpha.2", "2.0.0-dev"];
    expect(laterTags("1.0.0", all)).toEqual([]);
    expect(laterTags("1.0-alpine", ["2.0-rc1-alpine", "2.0-alpine"])).toEqual(["2.0-alpine"]);
  });

  it("are later pre-releases and the release, of a declared pre-release", () => {
    const all = ["2.0.0-rc1", "2.0.0-rc3", "2.0.0-beta9", "2.0.0", "1.9.9", "2.1.0"];
    expect(laterTags("2.0.0-rc2", all)).toEqual(["2.1.0", "2.0.0", "2.0.0-rc3"]);
    expect(laterTags("2.0.0-rc", ["2.0.0"])).toEqual(["2.0.0"]);
  });

  it("are none of a program's years, while it still counted, and the other way round", () => {
    expect(laterTags("5.8.1", ["2023.01.10", "5.8.2"])).toEqual(["5.8.2"]);
    expect(laterTags("2023.01.10", ["5.8.1", "9999.1.1"])).toEqual([]);
  });

  it("are none of a tag that names no version", () => {
    expect(laterTags("main", ["1.0.0", "main2"])).toEqual([]);
    expect(laterTags("sha-3f2504e04f8911d39a0c0305", ["sha-9f2504e04f8911d39a0c0305"])).toEqual([]);
  });

  it("are each later than the tag, and the tag is none of theirs", () => {
    const version = fc
      .array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 4 })
      .map((numbers) => numbers.join("."));
    fc.assert(
      fc.property(version, fc.array(version, { maxLength: 20 }), (tag, all) => {
        const later = laterTags(tag, [tag, ...all]);
        expect(later).not.toContain(tag);
        for (const other of later) expect(laterTags(other, [tag])).toEqual([]);
        expect(laterTags(tag, [...later].reverse())).toEqual(later);
      }),
    );
  });
});

describe("the major version of a tag", () => {
  it.each([
    ["v0.107.73", 0],
    ["17-alpine", 17],
    ["2026.2.3", 2026],
    ["main", undefined],
  ])("%s is %s", (tag, major) => {
    expect(majorOf(tag)).toBe(major);
  });
});
