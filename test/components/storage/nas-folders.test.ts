import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { folderGate, type NasFolder } from "../../../components/core/nas-folders.plan.ts";
import { folderFiles, foldersScript } from "../../../components/storage/nas-folders.ts";
import { gateProbe } from "../../../model/gate-script.ts";
import { ScriptRoom } from "../../support/script.ts";

const me = `${process.getuid?.()}:${process.getgid?.()}`;
const MOVED = ["/opt", "/srv"];
const MARKER = "/srv/media/.homelab-export";
const folder = (path: string, owner = me): NasFolder => ({
  name: "folder",
  gate: "folder",
  path,
  owner,
  mode: "2775",
  ownerMatters: true,
});
const run = (room: ScriptRoom, folders: readonly NasFolder[] = [folder("/srv/media")]) =>
  room.run(foldersScript(folders), MOVED);
const gate = (room: ScriptRoom) =>
  room.run(gateProbe({ kind: "folder", path: "/srv/media" }), MOVED);

describe("a folder of the NAS", () => {
  it("is made once, with its owner, mode and marker, and its gate opens", () => {
    const room = new ScriptRoom();
    expect(gate(room).exitCode).toBe(1);
    expect(run(room)).toMatchObject({ exitCode: 0, stderr: "" });
    const made = statSync(room.path("/srv/media"));
    expect([(made.mode & 0o7777).toString(8), `${made.uid}:${made.gid}`]).toEqual(["2775", me]);
    expect(gate(room).exitCode).toBe(0);
  });

  it("that was there keeps its mode and its owner, and the command that changes the owner is said", () => {
    const room = new ScriptRoom();
    mkdirSync(room.path("/srv/media"), { recursive: true });
    chmodSync(room.path("/srv/media"), 0o705);
    const answer = run(room, [folder("/srv/media", "4242:4343")]);
    expect(answer.exitCode).toBe(0);
    expect(answer.stderr).toContain(`belongs to ${me}, and who writes there is 4242:4343`);
    expect(answer.stderr).toMatch(/chown 4242:4343 \S+\/srv\/media /);
    const seen = statSync(room.path("/srv/media"));
    expect([(seen.mode & 0o777).toString(8), `${seen.uid}:${seen.gid}`]).toEqual(["705", me]);
  });

  it("whose disk is away is not made anew, nor marked, while the others are", () => {
    const room = new ScriptRoom();
    run(room);
    rmSync(room.path("/srv/media"), { recursive: true });
    for (const below of ["missing", "empty"]) {
      if (below === "empty") mkdirSync(room.path("/srv/media"));
      const answer = run(room, [folder("/srv/media"), folder("/srv/data")]);
      expect(answer, below).toMatchObject({ exitCode: 1 });
      expect(answer.stderr).toContain("Mount its disk and repeat");
      expect(existsSync(room.path(MARKER))).toBe(false);
      expect(existsSync(room.path("/srv/media"))).toBe(below === "empty");
      expect(existsSync(room.path("/srv/data/.homelab-export"))).toBe(true);
      expect(gate(room).exitCode).toBe(1);
    }
  });

  it("starts empty on a new disk when a person removes the note that it was made", () => {
    const room = new ScriptRoom();
    run(room);
    rmSync(room.path("/srv/media"), { recursive: true });
    const note = /if a new disk is to start empty: rm (\S+)/.exec(run(room).stderr)?.[1] ?? "";
    rmSync(note);
    expect(run(room)).toMatchObject({ exitCode: 0 });
    expect(gate(room).exitCode).toBe(0);
  });

  it("says what looks again, also where the last boot was a good one", () => {
    // Starting a unit that has run well does nothing.
    const { remedy } = folderGate(folder("/srv/media"));
    expect(remedy).toContain("systemctl restart docker-boot-orchestrator");
  });

  it.each(["/srv/media", "/srv/backup/restic"])(
    "%s that an earlier version marked is known, so that it is not made anew at the first deployment of this one",
    (path) => {
      const room = new ScriptRoom();
      const marked = path === "/srv/media" ? path : "/srv/backup";
      room.file(
        "/opt/homelab/state/files/nfs-exports",
        `t\n0a  ${room.path(marked)}/.homelab-export\n`,
      );
      expect(run(room, [folder(path)])).toMatchObject({ exitCode: 1 });
      room.file(`${marked}/.homelab-export`, "");
      rmSync(room.path("/opt/homelab/state/folders"), { recursive: true });
      expect(run(room, [folder(path)])).toMatchObject({ exitCode: 0 });
      expect(existsSync(room.path(`${path}/.homelab-export`))).toBe(true);
    },
  );

  it("that lost its marker is seen by every observation", () => {
    const room = new ScriptRoom();
    const [look] = folderFiles([folder("/srv/media")]);
    run(room);
    expect(readFileSync(room.path(MARKER), "utf8").trim()).toBe(room.path("/srv/media"));
    expect(room.run(look?.content ?? "", MOVED).exitCode).toBe(0);
    rmSync(room.path(MARKER));
    expect(room.run(look?.content ?? "", MOVED).exitCode).not.toBe(0);
  });
});
