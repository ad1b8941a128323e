import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dumpOnRequestScript } from "../../../components/data/database-dump.plan.ts";
import { JobRoom } from "./job-room.ts";

let room: JobRoom;

beforeEach(() => {
  room = new JobRoom();
});

afterEach(() => room.close());

describe("a database dump on request", () => {
  const dumps = () => join(room.root, "dumps");
  const database = (pgDump: string) => {
    mkdirSync(dumps());
    room.program("pg_dump", pgDump);
    const script = dumpOnRequestScript(
      { service: "app-db", database: "app", role: "app", server: [] },
      dumps(),
    ).replace("set -u", `set -u\nPATH=${room.programs}:$PATH`);
    const file = join(room.root, "database.sh");
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
    const { code } = await room.job({ paths: [], excludes: [], dumpFolder: dumps() });
    expect(code).toBe(0);
    expect(readFileSync(join(dumps(), "dump/app.sql"), "utf8")).toBe("dump of app\n");
    expect(room.calls()).toContain(`backup --host app-backup --tag app ${dumps()}/dump`);
    stop(server);
  });

  it("fails the job with the database's own words", async () => {
    const server = database("echo 'pg_dump: error: no such table' >&2; exit 1");
    const { code } = await room.job({ paths: [], dumpFolder: dumps() });
    expect(code).toBe(1);
    expect(room.lastRun()).toContain("could not be dumped: pg_dump: error: no such table");
    expect(room.calls().some((call) => call.startsWith("backup"))).toBe(false);
    stop(server);
  });

  it("copies all else when the database cannot be dumped, and still counts as failed", async () => {
    const server = database("echo 'pg_dump: error: no such table' >&2; exit 1");
    const { code } = await room.job({ dumpFolder: dumps() });
    expect(code).toBe(1);
    expect(room.lastRun()).toMatch(
      /result=failed[^]*no such table; all else is in snapshot [0-9a-f]+/,
    );
    expect(room.calls().some((call) => call.startsWith("backup"))).toBe(true);
    stop(server);
  });
});
