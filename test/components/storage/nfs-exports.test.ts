import { mkdirSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exportFiles, exportScript } from "../../../components/storage/nfs-exports.ts";
import { nfsExports } from "../../../components/storage/nfs-exports.plan.ts";
import { EXPORTED_FOLDERS } from "../../../household/folders.ts";
import { ScriptRoom } from "../../support/script.ts";
import { site } from "../../support/site.ts";

const MOVED = ["/var/lib/nfs", "/srv"];
const exports = nfsExports(site, EXPORTED_FOLDERS);
const client = site.hosts["docker-vm"].lan;

/** A NAS whose exportfs leaves these lines in its table. */
function room(exported: readonly string[], body = ""): ScriptRoom {
  const made = new ScriptRoom();
  for (const { path } of exports) mkdirSync(made.path(path), { recursive: true });
  const lines = exported.map((path) => `${made.path(path)}\t${client}(rw,sync)\n`);
  made.file("/var/lib/nfs/etab", lines.join(""));
  made.program("exportfs", body);
  return made;
}
const all = exports.map(({ path }) => path);
const run = (made: ScriptRoom) => made.run(exportScript(exports), MOVED);

describe("the NAS's exports", () => {
  it("name their one client, and as whom it writes", () => {
    for (const entry of exports) {
      expect(entry.client).toBe(client);
      const root = entry.owner === "0:0";
      expect(entry.options).toContain(
        root ? "no_root_squash" : "all_squash,anonuid=1000,anongid=1000",
      );
      if (entry.writer) expect(entry.writer).toBe(entry.owner);
    }
  });

  it("are a failure where there is no NFS server, and the package is named", () => {
    const answer = new ScriptRoom().run(
      // A machine without the program, whatever this one has.
      exportScript(exports).replaceAll("exportfs ", "exportfs-is-absent "),
      MOVED,
    );
    expect(answer).toMatchObject({ exitCode: 1 });
    expect(answer.stderr).toContain("install the package nfs-kernel-server");
  });

  it("fail when one of them is not handed out, in the server's words", () => {
    const answer = run(room(all.slice(1), "echo 'exportfs: no such luck'; exit 1"));
    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toMatch(/does not hand \S+\/srv\/frigate to .*no such luck/);
  });

  it("stand although a line of somebody else is wrong, which is said", () => {
    const answer = run(room(all, "echo 'exportfs: /etc/exports:3: unknown keyword'; exit 1"));
    expect(answer.exitCode).toBe(0);
    expect(answer.stderr).toContain("/etc/exports:3: unknown keyword");
  });

  it("refuse a folder that is a link, which a client of NFS 4 would not find", () => {
    const made = room(all.slice(1));
    mkdirSync(made.path("/disk/frigate"), { recursive: true });
    const at = made.path("/srv/frigate");
    made.run(`rmdir ${at}`, []);
    symlinkSync(made.path("/disk/frigate"), at);
    const answer = run(made);
    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toContain(`${at} is a link to ${made.path("/disk/frigate")}`);
    expect(answer.stderr).toContain(`>>/etc/fstab && mount ${at}`);
  });

  it("that the server forgot are seen by every observation", () => {
    const look = exportFiles(exports).find(({ path }) => path.includes("/looks/"))?.content ?? "";
    expect(room(all).run(look, MOVED).exitCode).toBe(0);
    expect(room(all.slice(1)).run(look, MOVED).exitCode).not.toBe(0);
  });
});
