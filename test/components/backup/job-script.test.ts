import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { JobRoom } from "./job-room.ts";

let room: JobRoom;

beforeEach(() => {
  room = new JobRoom();
});

afterEach(() => room.close());

describe("the backup job", () => {
  it("copies the folders and notes the snapshot", async () => {
    const { code } = await room.job();
    expect(code).toBe(0);
    expect(room.calls()).toContain(
      `backup --host app-backup --tag app --exclude=*.log ${room.data}`,
    );
    expect(room.lastRun()).toContain("result=ok");
    expect(room.lastRun()).toContain("snapshot=1a2b3c4d");
  });

  it("keeps the result of its last good run when a later one fails", async () => {
    await room.job();
    const good = room.lastRun();
    writeFileSync(join(room.root, "fail-backup"), "Fatal: no space left\n");
    expect((await room.job()).code).toBe(1);
    expect(room.lastRun()).toContain("result=failed");
    expect(room.lastGood()).toBe(good);
  });

  it("keeps 7 daily, 4 weekly and 12 monthly snapshots of this host and tag", async () => {
    await room.job();
    expect(room.calls()).toContain(
      "forget --host app-backup --tag app --group-by host,tags --keep-daily 7 --keep-weekly 4 --keep-monthly 12 --prune",
    );
  });

  it("makes the repository when there is none", async () => {
    writeFileSync(join(room.root, "fail-cat"), "Fatal: repository does not exist\n");
    const { code } = await room.job();
    expect(code).toBe(0);
    expect(room.calls()).toContain("init");
  });

  it.each([
    ["its state says so", () => writeFileSync(join(room.state, "known"), "")],
    ["an earlier version had a good copy", () => room.ended("ok", 3600, "snapshot 1a2b3c4d")],
  ])("makes no new repository in place of one that was there, as %s", async (_, before) => {
    before();
    writeFileSync(join(room.root, "fail-cat"), "Fatal: repository does not exist\n");
    const { code } = await room.job();
    expect(code).toBe(1);
    expect(room.calls()).not.toContain("init");
    expect(room.lastRun()).toMatch(
      /result=failed[^]*was there before: is the restic server well, and its disk mounted/,
    );
  });

  it("knows the repository after its first good look", async () => {
    await room.job();
    writeFileSync(join(room.root, "fail-cat"), "Fatal: repository does not exist\n");
    rmSync(join(room.state, "last-run"));
    expect((await room.job()).code).toBe(1);
    expect(room.calls()).not.toContain("init");
  });

  it("takes a file that vanished while it was copied for no failure, and removes old snapshots", async () => {
    room.savesPartly("error: lstat /data/db-journal: no such file or directory");
    const { code } = await room.job();
    expect(code).toBe(0);
    expect(room.lastRun()).toMatch(/result=ok[^]*snapshot=1a2b3c4d[^]*files vanished/);
    expect(room.calls().some((call) => call.startsWith("forget"))).toBe(true);
  });

  it("counts as failed when a file that is there could not be read, and keeps what it could", async () => {
    room.savesPartly(
      "error: lstat /data/gone: no such file or directory\nerror: open /data/x: input/output error",
    );
    const { code } = await room.job();
    expect(code).toBe(1);
    expect(room.lastRun()).toMatch(
      /could not be read: error: open \/data\/x.*all else is in snapshot 1a2b3c4d/,
    );
    expect(room.calls().some((call) => call.startsWith("forget"))).toBe(true);
  });

  it("says both reasons when the repository can neither be opened nor made", async () => {
    writeFileSync(join(room.root, "fail-cat"), "Fatal: connection refused\n");
    writeFileSync(join(room.root, "fail-init"), "Fatal: create repository: no route to host\n");
    const { code } = await room.job();
    expect(code).toBe(1);
    expect(room.lastRun()).toMatch(/result=failed[^]*connection refused.*no route to host/);
  });

  it("fails when a file cannot be read, with restic's own words", async () => {
    writeFileSync(
      join(room.root, "fail-backup"),
      "scanning\nerror: open /data/x: permission denied\n",
    );
    const { code } = await room.job();
    expect(code).toBe(1);
    expect(room.lastRun()).toContain("message=copying failed, exit code 1: error: open /data/x");
  });

  it("succeeds with a remark when only old snapshots could not be removed", async () => {
    writeFileSync(join(room.root, "fail-forget"), "Fatal: unable to lock\n");
    const { code } = await room.job();
    expect(code).toBe(0);
    expect(room.lastRun()).toMatch(/result=ok[^]*could not be removed: Fatal: unable to lock/);
  });

  it("checks the repository on Sundays and on no other day", async () => {
    room.program("date", `[ "$1" = +%u ] && { echo 7; exit 0; }; exec /bin/date "$@"`);
    await room.job();
    expect(room.calls()).toContain("check");
    rmSync(join(room.root, "calls"));
    room.program("date", `[ "$1" = +%u ] && { echo 6; exit 0; }; exec /bin/date "$@"`);
    await room.job();
    expect(room.calls()).not.toContain("check");
  });

  it("leaves a run that is under way alone", async () => {
    room.program(
      "restic",
      `echo "$@" >>${room.root}/calls\n[ "$1" != cat ] || sleep 1\n[ "$1" != backup ] || echo "snapshot 1 saved"`,
    );
    const first = room.job();
    while (!existsSync(join(room.root, "calls"))) await new Promise((r) => setTimeout(r, 50));
    const second = await room.job();
    expect(second.code).toBe(75);
    expect(second.output).toContain("another run is under way");
    await first;
  });

  it("copies a SQLite database with its log aside, and the live files for their owner and times", async () => {
    const file = join(room.data, "db.sqlite3");
    writeFileSync(file, "pages");
    writeFileSync(`${file}-wal`, "log");
    const { code } = await room.job({ sqlite: [file] });
    expect(code).toBe(0);
    expect(readFileSync(`${room.state}/stage${file}`, "utf8")).toBe("pages");
    expect(readFileSync(`${room.state}/stage${file}-wal`, "utf8")).toBe("log");
    const backup = room.calls().find((call) => call.startsWith("backup")) ?? "";
    expect(backup).not.toContain(`--exclude=${file}`);
    expect(backup).toContain(`${room.data} ${room.state}/stage`);
  });

  it("copies a SQLite database again when it changed meanwhile", async () => {
    const file = join(room.data, "db.sqlite3");
    writeFileSync(file, "old");
    // An app that writes once, right after the first copy.
    room.program(
      "cp",
      `/bin/cp "$@"; [ -e ${room.root}/written ] || { : >${room.root}/written; printf new >${file}; }`,
    );
    const { code } = await room.job({ sqlite: [file] });
    expect(code).toBe(0);
    expect(readFileSync(`${room.state}/stage${file}`, "utf8")).toBe("new");
  });
});
