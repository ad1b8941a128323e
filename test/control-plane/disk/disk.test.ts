import { appendFileSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { auditLines, auditTrail } from "../../../control-plane/disk/audit-trail.ts";
import { disk } from "../../../control-plane/disk/disk.ts";
import { hostOfBearer, readTokens } from "../../../control-plane/disk/tokens.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "disk-"));
const NOW = Date.parse("2026-11-26T12:00:00.000Z");

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

describe("the audit", () => {
  it("has each line with a checksum, and tells a torn or altered one from a whole one", () => {
    const root = folder();
    const audit = auditTrail(disk, root, "actor");
    audit({ what: "began", host: "nas" }, NOW);
    const path = join(root, "audit/actor/2026-11-26.jsonl");
    appendFileSync(path, '{"sum":"00000000","version":1,"wh');
    audit({ what: "ended", host: "nas" }, NOW);
    const { lines, broken } = auditLines(disk, root, "actor");
    expect(lines.map(({ what }) => what)).toEqual(["began", "ended"]);
    expect(broken).toBe(1);
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("nas", "vps"));
    expect(auditLines(disk, root, "actor")).toEqual({ lines: [], broken: 3 });
  });

  it("has a file for each day", () => {
    const root = folder();
    const audit = auditTrail(disk, root, "executor");
    audit({ what: "claimed" }, NOW);
    audit({ what: "claimed" }, NOW + 24 * 3600_000);
    expect(disk.list(join(root, "audit/executor"))).toEqual([
      "2026-11-26.jsonl",
      "2026-11-27.jsonl",
    ]);
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
