import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { restoreJobs } from "../../../cli/backup/places.ts";
import { databaseScript } from "../../../cli/backup/restore-database.ts";
import { parseRestore } from "../../../cli/backup/restore-result.ts";
import { hosts } from "../../support/fleet.ts";
import { ScriptRoom } from "../../support/script.ts";

const [job] = restoreJobs(hosts, "paperless-db", undefined);

const SEARCH_PATH = "SELECT pg_catalog.set_config('search_path', '', false);";
const DUMP = `${SEARCH_PATH}\ninsert into words values ('
${SEARCH_PATH}
');\n-- PostgreSQL database dump complete\n--\n`;

/** A host whose engine restores a dump, and whose database leaves what it is told in /told. */
function host(dump = DUMP): ScriptRoom {
  const room = new ScriptRoom();
  for (const folder of ["/opt/homelab", "/var/tmp"])
    mkdirSync(room.path(folder), { recursive: true });
  room.file("/dump", dump);
  room.program(
    "docker",
    `case "$*" in
*State.Running*) echo true ;;
"run --rm"*) for word; do case $word in *:/scratch/0)
  mkdir -p "\${word%%:*}/dumps/dump" && cp ${room.path("/dump")} "\${word%%:*}/dumps/dump/paperless.sql" ;;
esac; done ;;
ps*) printf 'paperless-ngx-other\\npaperless-ngx\\n' ;;
exec*pg_dump*) echo "what was there" ;;
exec*psql*) cat >${room.path("/told")}; [ ! -e ${room.path("/broken")} ] || { echo "psql: ERROR:  no" >&2; exit 3; } ;;
esac`,
  );
  return room;
}

function restore(room: ScriptRoom) {
  if (!job?.database) throw new Error("Paperless has no dump");
  const script = databaseScript(job.job, job.database, "1234abcd", "start\n");
  const { exitCode, stdout } = room.run(script, ["/opt/homelab", "/var/tmp"]);
  expect(readdirSync(room.path("/var/tmp"))).toEqual([]);
  return { exitCode, ...parseRestore(stdout, job.places) };
}
const told = (room: ScriptRoom) => readFileSync(room.path("/told"), "utf8");
const kept = (room: ScriptRoom) => readdirSync(room.path("/opt/homelab/replaced"));

describe("a dump that is read in", () => {
  it("counts only with its last line, and takes the place of everything", () => {
    const room = host();
    expect(restore(room)).toMatchObject({ exitCode: 0, complete: true, problems: [] });
    expect(told(room)).toMatch(
      /^begin;\n[^]*drop schema if exists public cascade;[^]*\ncommit;\n$/,
    );
  });

  it("is changed in its first setting of the search path alone, never in its data", () => {
    const room = host();
    restore(room);
    expect(told(room).split(SEARCH_PATH)).toHaveLength(2);
    expect(told(room)).toContain(`words values ('\n${SEARCH_PATH}\n')`);
  });

  it("stops only who uses the database, and keeps what was in it", () => {
    const room = host();
    const done = restore(room);
    expect(done).toMatchObject({ stopped: ["paperless-ngx"], started: ["paperless-ngx"] });
    expect(readFileSync(done.kept.get("paperless-db") ?? "", "utf8")).toBe("what was there\n");
    expect(kept(room)).toHaveLength(1);
  });

  it("that the database refuses leaves nothing behind but the reason", () => {
    const room = host();
    room.file("/broken", "");
    const done = restore(room);
    expect(done).toMatchObject({ exitCode: 1, complete: false, started: ["paperless-ngx"] });
    expect(done.problems).toEqual(["the dump could not be read in: psql: ERROR:  no"]);
    expect(kept(room)).toEqual([]);
  });

  it("that was cut short is not tried", () => {
    const room = host(`${SEARCH_PATH}\n`);
    expect(restore(room).problems).toEqual(["the snapshot has no complete dump"]);
    expect(existsSync(room.path("/told"))).toBe(false);
    expect(kept(room)).toEqual([]);
  });
});
