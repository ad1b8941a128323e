import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { beyondAuditCaps } from "../../../control-plane/contract/audit-caps.ts";
import { auditLines, auditTrail } from "../../../control-plane/disk/audit-trail.ts";
import { disk } from "../../../control-plane/disk/disk.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "disk-"));
const NOW = Date.parse("2026-11-26T12:00:00.000Z");
const DAY_MS = 24 * 3600_000;

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

  it("keeps so many days, and of those so many bytes; the newest is kept in any case", () => {
    const files = ["01", "02", "03", "04"].map((day) => ({
      name: `2026-11-${day}.jsonl`,
      bytes: 10,
    }));
    const kept = (days: number, bytes: number) => {
      const going = beyondAuditCaps([...files].reverse(), { days, bytes });
      return files.map(({ name }) => name).filter((name) => !going.includes(name));
    };
    expect(kept(4, 40)).toHaveLength(4);
    expect(kept(2, 40)).toEqual(["2026-11-03.jsonl", "2026-11-04.jsonl"]);
    expect(kept(4, 35)).toEqual(["2026-11-02.jsonl", "2026-11-03.jsonl", "2026-11-04.jsonl"]);
    expect(kept(0, 0)).toEqual(["2026-11-04.jsonl"]);
  });

  it("loses what is beyond that with the first line of a day or after a start, and nothing else that lies there", () => {
    const root = folder();
    const path = join(root, "audit/actor");
    const caps = { days: 2, bytes: 1e6 };
    const audit = auditTrail(disk, root, "actor", caps);
    disk.write(join(path, "notes.txt"), "of a person");
    for (const day of [0, 1, 2]) audit({ what: "began" }, NOW + day * DAY_MS);
    const left = ["2026-11-27.jsonl", "2026-11-28.jsonl", "notes.txt"];
    expect(disk.list(path)).toEqual(left);
    disk.write(join(path, "2026-11-20.jsonl"), "");
    audit({ what: "ended" }, NOW + 2 * DAY_MS);
    expect(disk.list(path)).toHaveLength(4);
    auditTrail(disk, root, "actor", caps)({ what: "ended" }, NOW + 2 * DAY_MS);
    expect(disk.list(path)).toEqual(left);
  });

  it("takes a line also when nothing can be removed", () => {
    const stuck = { ...disk, remove: () => expect.fail("EPERM") };
    const root = folder();
    const audit = auditTrail(stuck, root, "actor", { days: 1, bytes: 1e6 });
    for (const day of [0, 1]) audit({ what: "began" }, NOW + day * DAY_MS);
    expect(auditLines(disk, root, "actor").lines).toHaveLength(2);
  });
});
