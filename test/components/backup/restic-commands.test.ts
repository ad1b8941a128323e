import { mkdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { copiesPrelude } from "../../../cli/backup/beside.ts";
import { NEVER_COPIED } from "../../../components/backup/program.ts";
import { BACKUP_PROGRAM } from "../../../household/backup.ts";
import { ScriptRoom } from "../../support/script.ts";

const SNAPSHOT =
  '[{"time":"2026-01-01T02:00:00.5+01:00","tree":"x","id":"aaaa11110000","short_id":"aaaa1111"}]';

function asked(words: string, restic: string) {
  const room = new ScriptRoom();
  mkdirSync(room.path("/scratch"));
  room.program("restic", restic);
  const { exitCode, stdout } = room.run(`${copiesPrelude(BACKUP_PROGRAM, "/scratch")}${words}\n`, [
    "/scratch",
  ]);
  const calls = readFileSync(room.path("/calls/restic"), "utf8").replaceAll(room.folder, "");
  return { exitCode, stdout, calls: calls.trim().split("\n") };
}

describe("what restic is asked about its snapshots", () => {
  it("is answered with an id and a time, and takes no lock", () => {
    const { stdout, calls } = asked("copies app-backup 40", `echo '${SNAPSHOT}'`);
    expect(stdout).toBe("aaaa1111 2026-01-01T02:00:00.5+01:00");
    expect(calls).toEqual(["--no-lock snapshots --host app-backup --json"]);
  });

  it("is the newest of a job, or the one with an id, whoever made it", () => {
    const newest = asked("copy_named app-backup", `echo '${SNAPSHOT}'`);
    expect(newest.calls).toEqual(["--no-lock snapshots latest --host app-backup --json"]);
    const named = asked("copy_named app-backup aaaa", `echo '${SNAPSHOT}'`);
    expect(named.calls).toEqual(["--no-lock snapshots aaaa --json"]);
    expect(named.stdout).toBe(newest.stdout);
  });

  it("tells a repository that was never made from one that does not answer", () => {
    const never = asked("copies a 40", "echo 'Fatal: repository does not exist' >&2; exit 10");
    expect(never.exitCode).toBe(NEVER_COPIED);
    expect(asked("copies a 40", "echo 'Fatal: no route' >&2; exit 1").exitCode).toBe(1);
  });

  it("puts back the paths that are named, also with spaces, or all of them, and waits for a lock", () => {
    expect(asked("put_back aaaa /to '/data/a b' /state/stage", "").calls).toEqual([
      "--retry-lock 5m restore aaaa --target /to --include /data/a b --include /state/stage",
    ]);
    expect(asked("put_back aaaa /to", "").calls).toEqual([
      "--retry-lock 5m restore aaaa --target /to",
    ]);
  });
});
