import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dumpOnRequestScript } from "../../../components/data/database-dump.plan.ts";
import { jobHealthScript, jobStartScript } from "../../../components/backup/job-health.plan.ts";
import { jobScript, type JobSettings } from "../../../components/backup/job-script.plan.ts";
import { RESTIC } from "../../../components/backup/restic/restic.ts";

interface Finished {
  readonly code: number;
  readonly output: string;
}

const DAY = 24 * 3600;

let root: string;
let state: string;
let programs: string;
let data: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "job-scripts-"));
  [state, programs, data] = ["state", "bin", "data"].map((name) => {
    const folder = join(root, name);
    mkdirSync(folder);
    return folder;
  }) as [string, string, string];
  program("crond", "exit 0");
  program("pgrep", "exit 0");
  fakeRestic();
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** A program of the image, in place of the machine's own. */
function program(name: string, body: string): void {
  const file = join(programs, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

/** Notes its calls; a command fails as long as a file `fail-<command>` holds its output. */
function fakeRestic(): void {
  program(
    "restic",
    `echo "$@" >>${root}/calls
if [ -e ${root}/fail-$1 ]; then cat ${root}/fail-$1; exit 1; fi
if [ "$1" = backup ]; then echo "snapshot 1a2b3c4d saved"; fi`,
  );
}

/** restic saves a snapshot without some files, and says so with code 3. */
function partly(errors: string): void {
  program(
    "restic",
    `echo "$@" >>${root}/calls
[ "$1" = backup ] || exit 0
printf '%s\\n' '${errors}' 'Warning: at least one source file could not be read' 'snapshot 1a2b3c4d saved'
exit 3`,
  );
}

function calls(): string[] {
  return readFileSync(join(root, "calls"), "utf8").trim().split("\n");
}

function run(script: string, args: readonly string[] = []): Promise<Finished> {
  const file = join(root, "script.sh");
  writeFileSync(file, script);
  return new Promise((resolve) => {
    execFile("/bin/sh", [file, ...args], { timeout: 20_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, output: stdout + stderr });
    });
  });
}

function job(changes: Partial<JobSettings> = {}): Promise<Finished> {
  return run(
    jobScript({
      program: RESTIC,
      timezone: "UTC",
      host: "app-backup",
      tag: "app",
      paths: [data],
      excludes: ["*.log"],
      sqlite: [],
      keep: { daily: 7, weekly: 4, monthly: 12 },
      state,
      searchPath: `${programs}:${process.env["PATH"] ?? ""}`,
      ...changes,
    }),
  );
}

const healthSettings = () => ({
  state,
  maxAgeHours: 25,
  searchPath: `${programs}:${process.env["PATH"] ?? ""}`,
  startedFile: join(root, "started"),
});

function lastRun(): string {
  return readFileSync(join(state, "last-run"), "utf8");
}

function lastGood(): string | undefined {
  const file = join(state, "last-good");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** A state volume of the given age, whose container was started long ago. */
function volumeOfAge(seconds: number): void {
  writeFileSync(join(state, "since"), `${now() - seconds}\n`);
  writeFileSync(join(root, "started"), "0\n");
}

function ended(result: "ok" | "failed", secondsAgo: number, message: string): void {
  const finished = now() - secondsAgo;
  writeFileSync(
    join(state, "last-run"),
    `result=${result}\nstarted=${finished}\nfinished=${finished}\nsnapshot=\nmessage=${message}\n`,
  );
}

describe("the backup job", () => {
  it("copies the folders and notes the snapshot", async () => {
    const { code } = await job();
    expect(code).toBe(0);
    expect(calls()).toContain(`backup --host app-backup --tag app --exclude=*.log ${data}`);
    expect(lastRun()).toContain("result=ok");
    expect(lastRun()).toContain("snapshot=1a2b3c4d");
  });

  it("keeps the result of its last good run when a later one fails", async () => {
    await job();
    const good = lastRun();
    writeFileSync(join(root, "fail-backup"), "Fatal: no space left\n");
    expect((await job()).code).toBe(1);
    expect(lastRun()).toContain("result=failed");
    expect(lastGood()).toBe(good);
  });

  it("keeps 7 daily, 4 weekly and 12 monthly snapshots of this host and tag", async () => {
    await job();
    expect(calls()).toContain(
      "forget --host app-backup --tag app --group-by host,tags --keep-daily 7 --keep-weekly 4 --keep-monthly 12 --prune",
    );
  });

  it("makes the repository when there is none", async () => {
    writeFileSync(join(root, "fail-cat"), "Fatal: repository does not exist\n");
    const { code } = await job();
    expect(code).toBe(0);
    expect(calls()).toContain("init");
  });

  it.each([
    ["its state says so", () => writeFileSync(join(state, "known"), "")],
    ["an earlier version had a good copy", () => ended("ok", 3600, "snapshot 1a2b3c4d")],
  ])("makes no new repository in place of one that was there, as %s", async (_, before) => {
    before();
    writeFileSync(join(root, "fail-cat"), "Fatal: repository does not exist\n");
    const { code } = await job();
    expect(code).toBe(1);
    expect(calls()).not.toContain("init");
    expect(lastRun()).toMatch(
      /result=failed[^]*was there before: is the restic server well, and its disk mounted/,
    );
  });

  it("knows the repository after its first good look", async () => {
    await job();
    writeFileSync(join(root, "fail-cat"), "Fatal: repository does not exist\n");
    rmSync(join(state, "last-run"));
    expect((await job()).code).toBe(1);
    expect(calls()).not.toContain("init");
  });

  it("takes a file that vanished while it was copied for no failure, and removes old snapshots", async () => {
    partly("error: lstat /data/db-journal: no such file or directory");
    const { code } = await job();
    expect(code).toBe(0);
    expect(lastRun()).toMatch(/result=ok[^]*snapshot=1a2b3c4d[^]*files vanished/);
    expect(calls().some((call) => call.startsWith("forget"))).toBe(true);
  });

  it("counts as failed when a file that is there could not be read, and keeps what it could", async () => {
    partly(
      "error: lstat /data/gone: no such file or directory\nerror: open /data/x: input/output error",
    );
    const { code } = await job();
    expect(code).toBe(1);
    expect(lastRun()).toMatch(
      /could not be read: error: open \/data\/x.*all else is in snapshot 1a2b3c4d/,
    );
    expect(calls().some((call) => call.startsWith("forget"))).toBe(true);
  });

  it("says both reasons when the repository can neither be opened nor made", async () => {
    writeFileSync(join(root, "fail-cat"), "Fatal: connection refused\n");
    writeFileSync(join(root, "fail-init"), "Fatal: create repository: no route to host\n");
    const { code } = await job();
    expect(code).toBe(1);
    expect(lastRun()).toMatch(/result=failed[^]*connection refused.*no route to host/);
  });

  it("fails when a file cannot be read, with restic's own words", async () => {
    writeFileSync(join(root, "fail-backup"), "scanning\nerror: open /data/x: permission denied\n");
    const { code } = await job();
    expect(code).toBe(1);
    expect(lastRun()).toContain("message=copying failed, exit code 1: error: open /data/x");
  });

  it("succeeds with a remark when only old snapshots could not be removed", async () => {
    writeFileSync(join(root, "fail-forget"), "Fatal: unable to lock\n");
    const { code } = await job();
    expect(code).toBe(0);
    expect(lastRun()).toMatch(/result=ok[^]*could not be removed: Fatal: unable to lock/);
  });

  it("checks the repository on Sundays and on no other day", async () => {
    program("date", `[ "$1" = +%u ] && { echo 7; exit 0; }; exec /bin/date "$@"`);
    await job();
    expect(calls()).toContain("check");
    rmSync(join(root, "calls"));
    program("date", `[ "$1" = +%u ] && { echo 6; exit 0; }; exec /bin/date "$@"`);
    await job();
    expect(calls()).not.toContain("check");
  });

  it("leaves a run that is under way alone", async () => {
    program(
      "restic",
      `echo "$@" >>${root}/calls\n[ "$1" != cat ] || sleep 1\n[ "$1" != backup ] || echo "snapshot 1 saved"`,
    );
    const first = job();
    while (!existsSync(join(root, "calls"))) await new Promise((r) => setTimeout(r, 50));
    const second = await job();
    expect(second.code).toBe(75);
    expect(second.output).toContain("another run is under way");
    await first;
  });

  it("copies a SQLite database with its log aside, and the live files for their owner and times", async () => {
    const file = join(data, "db.sqlite3");
    writeFileSync(file, "pages");
    writeFileSync(`${file}-wal`, "log");
    const { code } = await job({ sqlite: [file] });
    expect(code).toBe(0);
    expect(readFileSync(`${state}/stage${file}`, "utf8")).toBe("pages");
    expect(readFileSync(`${state}/stage${file}-wal`, "utf8")).toBe("log");
    const backup = calls().find((call) => call.startsWith("backup")) ?? "";
    expect(backup).not.toContain(`--exclude=${file}`);
    expect(backup).toContain(`${data} ${state}/stage`);
  });

  it("copies a SQLite database again when it changed meanwhile", async () => {
    const file = join(data, "db.sqlite3");
    writeFileSync(file, "old");
    // An app that writes once, right after the first copy.
    program(
      "cp",
      `/bin/cp "$@"; [ -e ${root}/written ] || { : >${root}/written; printf new >${file}; }`,
    );
    const { code } = await job({ sqlite: [file] });
    expect(code).toBe(0);
    expect(readFileSync(`${state}/stage${file}`, "utf8")).toBe("new");
  });
});

describe("a database dump on request", () => {
  const dumps = () => join(root, "dumps");
  const database = (pgDump: string) => {
    mkdirSync(dumps());
    program("pg_dump", pgDump);
    const script = dumpOnRequestScript(
      { service: "app-db", database: "app", role: "app", server: [] },
      dumps(),
    ).replace("set -u", `set -u\nPATH=${programs}:$PATH`);
    const file = join(root, "database.sh");
    writeFileSync(file, script.replace("while sleep 2", `while sleep 0.1 && [ -d ${dumps()} ]`));
    return execFile("/bin/sh", [file, "sleep", "5"]);
  };
  const stop = (server: ReturnType<typeof execFile>) => {
    server.kill();
    // The loop ends with its folder.
    rmSync(dumps(), { recursive: true, force: true });
  };

  it("is made by the database and copied", async () => {
    const server = database('for last; do :; done; echo "dump of app" >"$last"');
    const { code } = await job({ paths: [], excludes: [], dumpFolder: dumps() });
    expect(code).toBe(0);
    expect(readFileSync(join(dumps(), "dump/app.sql"), "utf8")).toBe("dump of app\n");
    expect(calls()).toContain(`backup --host app-backup --tag app ${dumps()}/dump`);
    stop(server);
  });

  it("fails the job with the database's own words", async () => {
    const server = database("echo 'pg_dump: error: no such table' >&2; exit 1");
    const { code } = await job({ paths: [], dumpFolder: dumps() });
    expect(code).toBe(1);
    expect(lastRun()).toContain("could not be dumped: pg_dump: error: no such table");
    expect(calls().some((call) => call.startsWith("backup"))).toBe(false);
    stop(server);
  });

  it("copies all else when the database cannot be dumped, and still counts as failed", async () => {
    const server = database("echo 'pg_dump: error: no such table' >&2; exit 1");
    const { code } = await job({ dumpFolder: dumps() });
    expect(code).toBe(1);
    expect(lastRun()).toMatch(/result=failed[^]*no such table; all else is in snapshot [0-9a-f]+/);
    expect(calls().some((call) => call.startsWith("backup"))).toBe(true);
    stop(server);
  });
});

describe("the sidecar's health", () => {
  const health = () => run(jobHealthScript(healthSettings()));

  it("is bad when crond is gone", async () => {
    volumeOfAge(0);
    program("pgrep", "exit 1");
    expect(await health()).toEqual({
      code: 1,
      output: "crond does not run, so no copy will be made\n",
    });
  });

  it("gives a new volume a day of grace", async () => {
    volumeOfAge(DAY - 100);
    expect((await health()).code).toBe(0);
    volumeOfAge(DAY + 100);
    const { code, output } = await health();
    expect(code).toBe(1);
    expect(output).toContain("no copy was ever made");
  });

  it("is good after a recent copy and bad after an old one", async () => {
    volumeOfAge(10 * DAY);
    ended("ok", 3600, "snapshot 1a2b3c4d");
    expect((await health()).code).toBe(0);
    ended("ok", 26 * 3600, "snapshot 1a2b3c4d");
    const { code, output } = await health();
    expect(code).toBe(1);
    expect(output).toBe("the last copy is 26 h old, more than 25 h\n");
  });

  it("says why the last run failed", async () => {
    volumeOfAge(10 * DAY);
    ended("failed", 60, "connection refused");
    expect(await health()).toEqual({
      code: 1,
      output: "the last run failed: connection refused\n",
    });
  });

  it("is good while a missed copy is made up for after a start", async () => {
    volumeOfAge(10 * DAY);
    ended("ok", 5 * DAY, "snapshot 1a2b3c4d");
    writeFileSync(join(root, "started"), `${now() - 60}\n`);
    expect((await health()).code).toBe(0);
  });
});

describe("the sidecar's start", () => {
  const start = () =>
    run(jobStartScript(healthSettings()).replace("sleep 60; exec /backup.sh", "exit 0"));

  it("notes the age of the volume once and ends as crond", async () => {
    program("crond", 'echo "crond $*"');
    const { output } = await start();
    expect(output).toContain("crond -f -l 8 -c /etc/crontabs");
    writeFileSync(join(state, "since"), "1000\n");
    await start();
    expect(readFileSync(join(state, "since"), "utf8")).toBe("1000\n");
  });

  it("makes up for a missed run, and for none on the first day or after a good one", async () => {
    expect((await start()).output).not.toContain("missed");
    volumeOfAge(10 * DAY);
    expect((await start()).output).toContain("a copy was missed");
    ended("ok", 3600, "snapshot 1a2b3c4d");
    expect((await start()).output).not.toContain("missed");
  });

  it("keeps a good copy of before apart, says that there was none, and takes a failed run for neither", async () => {
    await start();
    expect(lastGood()).toBe("");
    rmSync(join(state, "last-good"));
    ended("failed", 3600, "no space left");
    await start();
    expect(lastGood()).toBeUndefined();
    ended("ok", 3600, "snapshot 1a2b3c4d");
    await start();
    expect(lastGood()).toBe(lastRun());
    ended("failed", 60, "no space left");
    await start();
    expect(lastGood()).toContain("result=ok");
  });
});
