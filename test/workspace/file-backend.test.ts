import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { removeTornAttributes } from "../../workspace/file-backend.ts";

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
    const gone = await removeTornAttributes(`file://${state}`, "/");
    expect(gone.sort()).toEqual([
      file("locks/organization/homelab/nas/1.json.attrs"),
      file("stacks/homelab/nas.json.attrs"),
    ]);
    expect(gone.filter((path) => existsSync(path))).toEqual([]);
    for (const kept of ["nas.json", "vps.json", "vps.json.attrs"])
      expect(existsSync(file(`stacks/homelab/${kept}`)), kept).toBe(true);
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
      expect(await removeTornAttributes(address(state), "/"), name).toHaveLength(1);
    }
    for (const other of [undefined, "https://api.pulumi.com", "s3://bucket", "file:///nowhere"])
      expect(await removeTornAttributes(other, "/")).toEqual([]);
  });
});
