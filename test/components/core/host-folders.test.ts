import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hostFoldersScript } from "../../../components/core/folders-script.ts";
import { foldersLook } from "../../../components/core/host-folders.ts";
import type { FolderDeclaration } from "../../../model/declaration.ts";

const root = mkdtempSync(join(tmpdir(), "folders-"));
/** Whoever runs the tests may give folders to nobody else. */
const OWN = `${process.getuid?.()}:${process.getgid?.()}`;
const folder = (name: string, owner = OWN, mode = "0750"): FolderDeclaration => ({
  path: join(root, name),
  owner,
  mode,
});
const make = (...folders: FolderDeclaration[]) =>
  spawnSync("sh", ["-c", `set -eu\numask 077\n${hostFoldersScript(folders)}`], {
    encoding: "utf8",
  });
const modeOf = ({ path }: FolderDeclaration): string => (statSync(path).mode & 0o777).toString(8);

describe("the folders that containers write", () => {
  it("are made with their mode whatever the shell's mask is, each in the one before it", () => {
    const [outer, inner] = [folder("outer", OWN, "0755"), folder("outer/it's inner")];
    expect(make(outer, inner)).toMatchObject({ status: 0, stderr: "" });
    expect([modeOf(outer), modeOf(inner)]).toEqual(["755", "750"]);
  });

  it("are left as they are where they are there, and one that is another's is said with the command", () => {
    const there = folder("there", "4711:4711");
    mkdirSync(there.path, { mode: 0o700 });
    const { status, stderr } = make(there);
    expect(status).toBe(0);
    expect(modeOf(there)).toBe("700");
    expect(stderr).toContain(`chown -R 4711:4711 ${there.path}`);
  });

  it("are missed by the look of the next observation when one of them is gone", () => {
    const all = [folder("a"), folder("b")];
    expect(make(...all).status).toBe(0);
    const { content } = foldersLook(all);
    execFileSync("sh", ["-c", content]);
    rmSync(join(root, "b"), { recursive: true });
    expect(spawnSync("sh", ["-c", content]).status).not.toBe(0);
  });
});
