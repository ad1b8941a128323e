import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseRestore } from "../../../cli/backup/restore-result.ts";
import {
  convertLook,
  convertScript,
  type Conversion,
} from "../../../cli/database/convert-script.ts";
import { service } from "../../support/fleet.ts";
import { ScriptRoom } from "../../support/script.ts";
import { isValidShell } from "../../support/shell.ts";

const IMAGE = "docker.io/library/postgres:18-alpine@sha256:1234";
const conversion: Conversion = {
  database: service("docker-vm/paperless-db"),
  volume: "paperless-db-data",
  target: "/var/lib/postgresql/data",
  image: IMAGE,
  users: ["paperless-ngx"],
};
const FACTS = "table public.documents|7|1234\n";
const DUMP = `--
SET statement_timeout = 0;
SET transaction_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
COPY public.documents (text) FROM stdin;
SET transaction_timeout = 0;
\\.
-- PostgreSQL database dump complete
--
`;

/** A Docker VM with Paperless, whose database runs. */
function host(): ScriptRoom {
  const room = new ScriptRoom();
  for (const folder of ["/opt/homelab", "/var/tmp"])
    mkdirSync(room.path(folder), { recursive: true });
  room.file("/v/paperless-db-data/_data/PG_VERSION", "17\n");
  room.file("/dump", DUMP);
  room.file("/facts/paperless-db", FACTS);
  room.file("/facts/paperless-db-converted", FACTS);
  room.program("docker", DOCKER.replaceAll("ROOM", room.folder));
  return room;
}

const DOCKER = `case "$*" in
*"container inspect --format {{if .State.Running}}"*) echo docker.io/library/postgres:17-alpine@sha256:5678 ;;
*"container inspect --format {{.State.Running}}"*) echo true ;;
*"container inspect --format {{.Config.StopTimeout}}"*) echo 120 ;;
"container inspect paperless-db-converted") exit 1 ;;
"volume inspect --format"*) for name; do :; done; echo "local 0 ROOM/v/$name/_data"; [ -d "ROOM/v/$name" ] ;;
"volume inspect"*) [ -d "ROOM/v/$3" ] ;;
"volume create"*) mkdir -p "ROOM/v/$3/_data" ;;
"volume rm"*) rmdir "ROOM/v/$3/_data" "ROOM/v/$3" ;;
"run --detach"*) echo 18 >ROOM/v/paperless-db-converted/_data/PG_VERSION ;;
ps*) echo paperless-ngx ;;
"exec --interactive"*pg_dump*) cat ROOM/dump ;;
"exec --interactive"*tuples-only*) cat >ROOM/asked; cat "ROOM/facts/$3" ;;
"exec --interactive"*output*) cat >ROOM/told; [ ! -e ROOM/broken ] || { echo "psql: ERROR:  no" >&2; exit 3; } ;;
esac`;

function convert(room: ScriptRoom) {
  const { exitCode, stdout } = room.run(convertScript(conversion), ["/opt/homelab", "/var/tmp"]);
  expect(readdirSync(room.path("/var/tmp"))).toEqual([]);
  return { exitCode, stdout, ...parseRestore(stdout, [{ source: "data", target: "" }]) };
}
const calls = (room: ScriptRoom) =>
  readFileSync(room.path("/calls/docker"), "utf8").match(/^(stop|start) .*$/gm) ?? [];
const version = (room: ScriptRoom) =>
  readFileSync(room.path("/v/paperless-db-data/_data/PG_VERSION"), "utf8").trim();
const record = (room: ScriptRoom) => room.path("/opt/homelab/state/data/paperless-db");

describe("a database that is converted", () => {
  it("gets the new folder in the place of the old, which is kept, and everybody stays stopped", () => {
    const room = host();
    const done = convert(room);
    expect(done).toMatchObject({ exitCode: 0, complete: true, problems: [] });
    expect(done.stdout).toContain("fact table public.documents|7|1234");
    expect(version(room)).toBe("18");
    expect(readFileSync(`${done.kept.get("data")}/PG_VERSION`, "utf8")).toBe("17\n");
    expect(calls(room)).toEqual([
      "stop -t 120 paperless-ngx",
      "stop -t 120 paperless-db-converted",
      "stop -t 120 paperless-db",
    ]);
    expect(readdirSync(room.path("/v"))).toEqual(["paperless-db-data"]);
  });

  it("is noted as written by the declared image, so that the next deployment lets it start", () => {
    const room = host();
    convert(room);
    expect(readFileSync(record(room), "utf8")).toMatch(new RegExp(`^restored \\d+ ${IMAGE}\\n$`));
  });

  it("is made on a network that leads nowhere, with the declared rights and its secret", () => {
    const room = host();
    convert(room);
    const [run = ""] =
      readFileSync(room.path("/calls/docker"), "utf8").match(/^run --detach.*$/m) ?? [];
    for (const option of [
      "--network none",
      "--cap-drop ALL",
      "--memory 256m",
      "--env POSTGRES_PASSWORD_FILE=/run/secrets/db-password",
      "/files/paperless-db/run_secrets_db-password:/run/secrets/db-password:ro",
      IMAGE,
    ]) {
      expect(run).toContain(option);
    }
  });

  it("is told no setting that an older version does not know, and loses nothing that looks like one", () => {
    const room = host();
    convert(room);
    const told = readFileSync(room.path("/told"), "utf8");
    expect(told.match(/SET transaction_timeout = 0;/g)).toHaveLength(1);
    expect(told).toMatch(/^begin;\n[^]*\ncommit;\n$/);
  });
});

describe("a database that cannot be converted", () => {
  const expectAsBefore = (room: ScriptRoom) => {
    expect(version(room)).toBe("17");
    expect(calls(room).at(-1)).toBe("start paperless-ngx");
    expect(readdirSync(room.path("/v"))).toContain("paperless-db-data");
    expect(existsSync(record(room))).toBe(false);
  };

  it("is as it was when the dump cannot be read in", () => {
    const room = host();
    room.file("/broken", "");
    const done = convert(room);
    expect(done.exitCode).toBe(1);
    expect(done.problems).toEqual(["the dump could not be read in: psql: ERROR:  no"]);
    expectAsBefore(room);
  });

  it("is as it was when what was read in differs, and the first difference is named", () => {
    const room = host();
    room.file("/facts/paperless-db-converted", "table public.documents|6|999\n");
    const done = convert(room);
    expect(done.problems[0]).toContain("is not what was dumped: < table public.documents|7|1234");
    expectAsBefore(room);
  });

  it("is as it was when the dump is cut short", () => {
    const room = host();
    room.file("/dump", DUMP.split("\n").slice(0, 5).join("\n"));
    expect(convert(room).problems).toEqual(["the dump of paperless-db is not complete"]);
    expectAsBefore(room);
  });

  it("is not stopped when who asked for it is gone by then", () => {
    const room = host();
    // Nobody uses it, so nothing is said before.
    const script = convertScript({ ...conversion, users: [] });
    room.runWithoutReader(script, ["/opt/homelab", "/var/tmp"]);
    expect(version(room)).toBe("17");
    expect(calls(room)).not.toContain("stop -t 120 paperless-db");
  });
});

describe("a look before", () => {
  it("says what runs, who uses it, and how much room is needed", () => {
    const { stdout } = host().run(convertLook(conversion), ["/opt/homelab"]);
    expect(stdout).toMatch(
      /^image docker.io\/library\/postgres:17-alpine@sha256:5678\nusers paperless-ngx ?\nroom \d+ \d+$/,
    );
  });

  it("is by scripts that a POSIX shell can read", () => {
    expect(isValidShell(convertLook(conversion))).toBe(true);
    expect(isValidShell(convertScript(conversion))).toBe(true);
  });
});
