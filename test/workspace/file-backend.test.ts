import { existsSync, mkdirSync, mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { fullStateHint, removeTornFiles } from "../../workspace/file-backend.ts";

/** A state folder with these files, by name below `.pulumi`. */
function stateWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "homelab-state-"));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, ".pulumi", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

describe("the state folder of a Pulumi that was killed", () => {
  it("loses the attributes that were being written, and nothing else", async () => {
    const state = stateWith({
      "stacks/homelab/nas.json": "{}",
      "stacks/homelab/nas.json.attrs": "",
      "stacks/homelab/vps.json": "",
      "stacks/homelab/vps.json.attrs": '{"md5":"x"}',
      "locks/organization/homelab/nas/1.json.attrs": "",
    });
    const file = (name: string): string => join(state, ".pulumi", name);
    const gone = await removeTornFiles(`file://${state}`, "/");
    expect(gone.sort()).toEqual([
      file("locks/organization/homelab/nas/1.json.attrs"),
      file("stacks/homelab/nas.json.attrs"),
    ]);
    expect(gone.filter((path) => existsSync(path))).toEqual([]);
    for (const kept of ["nas.json", "vps.json", "vps.json.attrs"])
      expect(existsSync(file(`stacks/homelab/${kept}`)), kept).toBe(true);
  });

  it("loses the empty file that a full disk left in place of a lock, and no lock, nor one that is just being written", async () => {
    const locks = "locks/organization/homelab/nas";
    const state = stateWith({
      [`${locks}/1.json.18ebda70.tmp`]: "",
      [`${locks}/2.json.18ebda71.tmp`]: "",
      [`${locks}/3.json.18ebda72.tmp`]: '{"pid":7}',
      [`${locks}/4.json`]: '{"pid":8}',
    });
    const file = (name: string): string => join(state, ".pulumi", locks, name);
    for (const name of ["1.json.18ebda70.tmp", "3.json.18ebda72.tmp", "4.json"])
      utimesSync(file(name), 1, 1);
    expect(await removeTornFiles(`file://${state}`, "/")).toEqual([file("1.json.18ebda70.tmp")]);
  });

  it("is named with what to do where Pulumi says that its disk is full, and no other disk is", () => {
    const full = (path: string) => fullStateHint(`error: write ${path}: no space left on device`);
    expect(full("/home/a b/state/.pulumi/stacks/homelab/nas.json.1.tmp")).toContain(
      "make room in /home/a b/state (",
    );
    expect(full("/var/lib/docker/tmp/1")).toBe("");
  });

  it("is found however its address is written, and is none where the backend is no folder", async () => {
    const torn = { "stacks/homelab/nas.json.attrs": "" };
    const cases: [string, (state: string) => string][] = [
      ["relative", (state) => `file://${relative("/", state)}`],
      ["with a query", (state) => `file://${state}?metadata=skip`],
      ["below home", (state) => `file://~/${relative(homedir(), state)}`],
    ];
    for (const [name, address] of cases) {
      const state = stateWith(torn);
      expect(await removeTornFiles(address(state), "/"), name).toHaveLength(1);
    }
    for (const other of [undefined, "https://api.pulumi.com", "s3://bucket", "file:///nowhere"])
      expect(await removeTornFiles(other, "/")).toEqual([]);
  });
});
