import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { tarArchive, type TarEntry } from "../../../sandbox/images/tar.ts";

const root = { uid: 0, gid: 0 };
const entries: TarEntry[] = [
  { path: "etc/b", type: "file", mode: 0o600, uid: 999, gid: 1000, content: Buffer.from("text\n") },
  { path: "run.sh", type: "link", mode: 0o777, ...root, target: "/usr/local/bin/standin" },
  { path: "data", type: "folder", mode: 0o1777, uid: 70, gid: 70 },
  { path: "etc/a", type: "file", mode: 0o755, ...root, content: Buffer.alloc(1024, "x") },
];

describe("an archive of an image's layer", () => {
  it("is read by tar with owner, mode, type and content as they were given", () => {
    const listing = execFileSync(
      "tar",
      ["--list", "--verbose", "--numeric-owner", "--utc", "--full-time"],
      {
        input: tarArchive(entries),
        encoding: "utf8",
      },
    );
    expect(listing.trim().split("\n")).toEqual([
      "drwxrwxrwt 70/70             0 1970-01-01 00:00:00 data/",
      "-rwxr-xr-x 0/0            1024 1970-01-01 00:00:00 etc/a",
      "-rw------- 999/1000          5 1970-01-01 00:00:00 etc/b",
      "lrwxrwxrwx 0/0               0 1970-01-01 00:00:00 run.sh -> /usr/local/bin/standin",
    ]);
    const content = execFileSync("tar", ["--extract", "--to-stdout", "etc/b"], {
      input: tarArchive(entries),
    });
    expect(content.toString()).toBe("text\n");
  });

  it("is the same, byte for byte, whatever the order of its entries", () => {
    expect(tarArchive([...entries].reverse()).equals(tarArchive(entries))).toBe(true);
  });

  it("is refused when two entries share a path", () => {
    expect(() => tarArchive([entries[0]!, entries[0]!])).toThrow('"etc/b" is there twice');
  });
});
