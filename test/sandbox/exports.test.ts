import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exportClientFiles } from "../../sandbox/exports.ts";
import { ScriptRoom } from "../support/script.ts";

const program = exportClientFiles()[0]?.content ?? "";

/** Mounts /srv/media from a NAS whose exportfs wrote this table; answers the call of sshfs. */
function mounted(table: string): { readonly exitCode: number | undefined; readonly call: string } {
  const room = new ScriptRoom();
  room.file("/etab", table);
  room.program("sftp", `for last in "$@"; do :; done; cp '${room.path("/etab")}' "$last"`);
  room.program("getent", "echo 10.0.0.12 STREAM nas");
  room.program("ip", "echo '10.0.0.12 dev eth0 src 10.0.0.11 uid 0'");
  room.program("sshfs");
  const { exitCode } = room.run(program, [], ["nas:/srv/media", "/mnt/nas/media", "-o", "rw"]);
  const call = exitCode === 0 ? readFileSync(room.path("/calls/sshfs"), "utf8") : "";
  return { exitCode, call };
}
const line = (client: string, options: string) =>
  `/srv/media\t${client}(${options},anonuid=1000,anongid=1000,sec=sys)\n`;

describe("a mount of the sandbox", () => {
  it.each([
    ["root_squash,all_squash", "household"],
    ["root_squash,no_all_squash", "nobody"],
    ["no_root_squash,no_all_squash", "root"],
  ])("of an export with %s comes as %s", (squash, user) => {
    const { call } = mounted(line("10.0.0.11", `rw,sync,${squash}`));
    expect(call).toContain(` ${user}@nas:/srv/media /mnt/nas/media`);
    expect(call).toContain("fsname=nas:/srv/media,rw,");
  });

  it("is read-only where the export is", () => {
    expect(mounted(line("10.0.0.11", "ro,sync,root_squash,no_all_squash")).call).toContain(",ro,");
  });

  it("is refused to who is no client of the export", () => {
    expect(mounted(line("10.0.0.0/24", "rw,no_root_squash")).exitCode).toBe(0);
    expect(mounted(line("10.0.0.13", "rw,no_root_squash")).exitCode).toBe(32);
    expect(mounted("").exitCode).toBe(32);
  });
});
