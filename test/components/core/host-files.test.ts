import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import { writeScript, type HostFile } from "../../../components/core/host-files.ts";
import { ScriptRoom } from "../../support/script.ts";

const me = `${process.getuid?.()}:${process.getgid?.()}`;
const file = (path: string): HostFile => ({ path, content: "text\n", owner: me, mode: "0644" });
const modeOf = (room: ScriptRoom, path: string): string =>
  (statSync(room.path(path)).mode & 0o7777).toString(8);

function write(room: ScriptRoom, paths: readonly string[]) {
  return room.run(writeScript(paths.map(file), "some", "token"), ["/opt", "/srv"]);
}

describe("files written on a host", () => {
  it("leave owner and mode of a folder that is there alone", () => {
    const room = new ScriptRoom();
    mkdirSync(room.path("/srv/media"), { recursive: true });
    chmodSync(room.path("/srv/media"), 0o2775);
    expect(write(room, ["/srv/media/one"])).toMatchObject({ exitCode: 0 });
    expect(modeOf(room, "/srv/media")).toBe("2775");
    expect(readFileSync(room.path("/srv/media/one"), "utf8")).toBe("text\n");
  });

  it("make missing folders for everybody to read, and what they note for root alone", () => {
    const room = new ScriptRoom();
    expect(write(room, ["/srv/one/two/three"])).toMatchObject({ exitCode: 0 });
    expect([modeOf(room, "/srv/one"), modeOf(room, "/srv/one/two")]).toEqual(["755", "755"]);
    expect(modeOf(room, "/opt/homelab/state/files")).toBe("700");
  });

  it("are left as they are where they are as they have to be, and put right where they are not", () => {
    const room = new ScriptRoom();
    const paths = ["/srv/same", "/srv/text", "/srv/mode", "/srv/link"];
    write(room, paths);
    for (const path of paths) utimesSync(room.path(path), 1000, 1000);
    writeFileSync(room.path("/srv/text"), "other\n");
    chmodSync(room.path("/srv/mode"), 0o600);
    rmSync(room.path("/srv/link"));
    symlinkSync(room.path("/srv/same"), room.path("/srv/link"));
    expect(write(room, paths)).toMatchObject({ exitCode: 0, stderr: "" });
    const isOld = (path: string) => lstatSync(room.path(path)).mtimeMs === 1_000_000;
    expect(paths.filter(isOld)).toEqual(["/srv/same"]);
    for (const path of paths) {
      expect(lstatSync(room.path(path)).isFile(), path).toBe(true);
      expect(readFileSync(room.path(path), "utf8"), path).toBe("text\n");
      expect(modeOf(room, path), path).toBe("644");
    }
    expect(readdirSync(room.path("/srv")).length).toBe(paths.length);
  });

  it("open the project's own folders, which earlier versions closed to who reads below them", () => {
    const room = new ScriptRoom();
    mkdirSync(room.path("/opt/homelab/state"), { recursive: true, mode: 0o700 });
    expect(write(room, [])).toMatchObject({ exitCode: 0 });
    expect(modeOf(room, "/opt/homelab")).toBe("755");
    expect(modeOf(room, "/opt/homelab/state")).toBe("755");
  });
});
