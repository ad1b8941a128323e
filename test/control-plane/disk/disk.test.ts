import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { disk } from "../../../control-plane/disk/disk.ts";
import { hostOfBearer, readTokens } from "../../../control-plane/disk/tokens.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "disk-"));

describe("a file", () => {
  it("is made once, and whole; who comes second changes nothing and leaves nothing behind", () => {
    const path = join(folder(), "deep/file");
    expect(disk.create(path, "first")).toBe(true);
    expect(disk.create(path, "second")).toBe(false);
    expect(disk.read(path)).toBe("first");
    expect(readdirSync(join(path, ".."))).toEqual(["file"]);
  });

  it("is absent, and not an error, until it is written", () => {
    const path = join(folder(), "file");
    expect(disk.read(path)).toBeUndefined();
    expect(disk.list(path)).toEqual([]);
    disk.write(path, "text");
    expect(disk.read(path)).toBe("text");
  });
});

describe("a token", () => {
  it("is of the host in whose file its sum is, and no other text is one", () => {
    const tokens = folder();
    disk.write(join(tokens, "nas"), `${"0".repeat(64)}\n`);
    const known = readTokens(disk, tokens);
    expect([...known.keys()]).toEqual(["nas"]);
    for (const header of [undefined, "", "Bearer ", "Bearer x", `Basic ${"x".repeat(40)}`]) {
      expect(hostOfBearer(known, header)).toBeUndefined();
    }
  });
});
