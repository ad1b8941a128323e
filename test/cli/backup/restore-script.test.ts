import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import type { RestoreJob } from "../../../cli/backup/places.ts";
import { parseRestore } from "../../../cli/backup/restore-result.ts";
import { restoreScript } from "../../../cli/backup/restore-script.ts";
import { FOLDER_MARKER } from "../../../model/gate-script.ts";
import { restoreJobs } from "../../../cli/backup/places.ts";
import { hosts } from "../../support/fleet.ts";
import { ScriptRoom } from "../../support/script.ts";

const [pihole] = restoreJobs(hosts, "pihole", undefined) as [RestoreJob];
const [config, dnsmasq] = pihole.places.map(({ target }) => target) as [string, string];

/** The snapshot's content, by path in the sidecar. */
type Content = Readonly<Record<string, string>>;
const SNAPSHOT: Content = { [`${config}/a b`]: "copied", [`${dnsmasq}/conf`]: "copied" };

/** A host with both volumes of Pi-hole, whose engine restores what lies in /snapshot. */
function host(snapshot: Content = SNAPSHOT): ScriptRoom {
  const room = new ScriptRoom();
  for (const { source } of pihole.places) room.file(`/v/${source}/old`, source);
  for (const [path, text] of Object.entries(snapshot)) room.file(`/snapshot${path}`, text);
  mkdirSync(room.path("/opt/homelab"), { recursive: true });
  mkdirSync(room.path("/var/tmp"), { recursive: true });
  room.program(
    "docker",
    `case "$1 $2" in
"container inspect")
  case $4 in *Running*) echo true ;; *Image*) echo cafe ;; *StopTimeout*) cat ${room.path("/stop-timeout")} 2>/dev/null || echo '<nil>' ;; *) echo "pihole ${room.path("/v/pihole-config")}" ;; esac ;;
"volume inspect") for name; do :; done; echo "local 0 ${room.path("/v")}/$name" ;;
"ps --quiet") echo id ;;
"run --rm")
  for word; do
    case $word in *:/scratch/*) cp -a ${room.path("/snapshot")}/. "\${word%%:*}" ;; esac
  done
  [ ! -e ${room.path("/broken")} ] || { echo "the server is away"; exit 1; } ;;
"exec pihole-backup") case $5 in ${config}) echo 0:0 ;; *) stat -c %d:%i ${room.path("/v/pihole-dnsmasq")} ;; esac ;;
esac`,
  );
  return room;
}

function restore(room: ScriptRoom, start = true) {
  const { exitCode, stdout } = room.run(restoreScript(pihole, "1234abcd", start ? "start\n" : ""), [
    "/opt/homelab",
    "/var/tmp",
  ]);
  return { exitCode, ...parseRestore(stdout, pihole.places) };
}
const calls = (room: ScriptRoom) =>
  readFileSync(room.path("/calls/docker"), "utf8").match(/^(stop|start|restart) .*$/gm) ?? [];
const text = (room: ScriptRoom, path: string) => readFileSync(room.path(path), "utf8");
/** Nothing of ours but what is kept is left on the host. */
const expectTidy = (room: ScriptRoom) => {
  const replaced = room.path("/opt/homelab/replaced");
  const left = existsSync(replaced) ? readdirSync(replaced) : [];
  expect(left.filter((name) => name.startsWith("unfinished"))).toEqual([]);
  expect(readdirSync(room.path("/var/tmp"))).toEqual([]);
};
function expectAsBefore(room: ScriptRoom): void {
  for (const { source } of pihole.places) {
    expect(readdirSync(room.path(`/v/${source}`))).toEqual(["old"]);
    expect(text(room, `/v/${source}/old`)).toBe(source);
  }
  expectTidy(room);
}

describe("the restore on the host", () => {
  it("puts the copy in the place of what is there, and keeps that", () => {
    const room = host();
    const time = new Date("2001-01-01T00:00:00Z");
    chmodSync(room.path(`/snapshot${config}`), 0o2750);
    utimesSync(room.path(`/snapshot${config}`), time, time);
    const done = restore(room);
    expect(done).toMatchObject({ exitCode: 0, complete: true, problems: [] });
    expect(readdirSync(room.path("/v/pihole-config"))).toEqual(["a b"]);
    expect(readdirSync(room.path("/v/pihole-dnsmasq"))).toEqual(["conf"]);
    expect(text(room, "/v/pihole-config/a b")).toBe("copied");
    const folder = statSync(room.path("/v/pihole-config"));
    expect(folder.mode & 0o7777).toBe(0o2750);
    expect(folder.mtime).toEqual(time);
    const kept = done.kept.get("pihole-config") ?? "";
    expect(kept).toContain("/opt/homelab/replaced/pihole-config-");
    expect(readFileSync(`${kept}/old`, "utf8")).toBe("pihole-config");
    expectTidy(room);
  });

  it("stops who writes there and starts them again; a sidecar that sees a removed folder is made to look anew", () => {
    const room = host();
    expect(restore(room)).toMatchObject({ stopped: ["pihole"], started: ["pihole"] });
    expect(calls(room)).toEqual(["stop -t 120 pihole", "restart pihole-backup", "start pihole"]);
  });

  it("gives each the time to stop that its engine knows, and a database's where it knows none", () => {
    const room = host();
    room.file("/stop-timeout", "45\n");
    restore(room);
    expect(calls(room)[0]).toBe("stop -t 45 pihole");
  });

  it("leaves them stopped when that is asked for", () => {
    const room = host();
    expect(restore(room, false)).toMatchObject({ complete: true, started: [] });
    expect(calls(room)).not.toContain("start pihole");
  });

  it("stops nothing and changes nothing when the copy cannot be read to its end", () => {
    const room = host();
    room.file("/broken", "");
    const done = restore(room);
    expect(done).toMatchObject({ complete: false, problems: ["the server is away"] });
    expect(done.exitCode).toBe(1);
    expect(calls(room)).toEqual([]);
    expectAsBefore(room);
  });

  it("changes nothing and stops nobody when who asked for it is gone by then", () => {
    const room = host();
    room.runWithoutReader(restoreScript(pihole, "1234abcd", "start\n"), [
      "/opt/homelab",
      "/var/tmp",
    ]);
    expect(calls(room)).toEqual([]);
    expectAsBefore(room);
  });

  it("changes nothing when the snapshot has only a part of the data", () => {
    const room = host({ [`${config}/a b`]: "copied" });
    expect(restore(room).problems).toEqual(["the snapshot has nothing of pihole-dnsmasq"]);
    expectAsBefore(room);
  });

  it("changes nothing in the place of a folder whose disk is not mounted", () => {
    const room = host({ ...SNAPSHOT, [`${config}/${FOLDER_MARKER}`]: "/srv/data" });
    expect(restore(room).problems).toEqual([
      expect.stringMatching(/^pihole-config is not the folder that was copied .* mounted\?/),
    ]);
    expect(calls(room)).toEqual([]);
    expectAsBefore(room);
    room.file(`/v/pihole-config/${FOLDER_MARKER}`, "/srv/data");
    expect(restore(room)).toMatchObject({ complete: true, problems: [] });
  });

  it.each([1, 2, 3, 4])(
    "moves everything back and starts the containers when move %i of 4 fails",
    (which) => {
      const room = host();
      const time = new Date("2002-02-02T00:00:00Z");
      utimesSync(room.path("/v/pihole-config"), time, time);
      room.program(
        "mv",
        `[ "$(wc -l <${room.path("/calls/mv")})" != ${which} ] || { echo "the disk is broken" >&2; exit 1; }
exec /bin/mv "$@"`,
      );
      const done = restore(room);
      expect(done.exitCode).toBe(1);
      expect(done.problems).toEqual([expect.stringContaining("the disk is broken")]);
      expect(calls(room)).toEqual(["stop -t 120 pihole", "start pihole"]);
      expectAsBefore(room);
      expect(statSync(room.path("/v/pihole-config")).mtime).toEqual(time);
    },
  );
});

describe("a SQLite file that is restored", () => {
  const staged = `/state/stage${config}`;

  it("has the content of its consistent copy, and no log of another moment beside it", () => {
    const room = host({
      ...SNAPSHOT,
      [`${config}/gravity.db`]: "torn",
      [`${config}/gravity.db-shm`]: "stale",
      [`${config}/gravity.db-journal`]: "stale",
      [`${config}/sub/ftl.db`]: "torn",
      [`${config}/sub/ftl.db-wal`]: "torn log",
      [`${staged}/gravity.db`]: "whole",
      [`${staged}/sub/ftl.db`]: "whole too",
      [`${staged}/sub/ftl.db-wal`]: "its log",
    });
    const time = new Date("2003-03-03T00:00:00Z");
    for (const path of ["gravity.db", "sub/ftl.db-wal", "sub"]) {
      utimesSync(room.path(`/snapshot${config}/${path}`), time, time);
    }
    chmodSync(room.path(`/snapshot${config}/gravity.db`), 0o640);
    expect(restore(room).problems).toEqual([]);
    const volume = "/v/pihole-config";
    expect(readdirSync(room.path(volume)).toSorted()).toEqual(["a b", "gravity.db", "sub"]);
    expect(text(room, `${volume}/gravity.db`)).toBe("whole");
    expect(statSync(room.path(`${volume}/gravity.db`)).mode & 0o777).toBe(0o640);
    expect(text(room, `${volume}/sub/ftl.db`)).toBe("whole too");
    expect(text(room, `${volume}/sub/ftl.db-wal`)).toBe("its log");
    for (const path of ["gravity.db", "sub/ftl.db-wal", "sub"]) {
      expect(statSync(room.path(`${volume}/${path}`)).mtime).toEqual(time);
    }
  });

  it("with a log that it had not yet when the folder was read, gets the log with its own rights", () => {
    const room = host({
      ...SNAPSHOT,
      [`${config}/gravity.db`]: "same",
      [`${staged}/gravity.db`]: "same",
      [`${staged}/gravity.db-wal`]: "its log",
    });
    chmodSync(room.path(`/snapshot${config}/gravity.db`), 0o604);
    expect(restore(room).problems).toEqual([]);
    expect(text(room, "/v/pihole-config/gravity.db-wal")).toBe("its log");
    expect(statSync(room.path("/v/pihole-config/gravity.db-wal")).mode & 0o777).toBe(0o604);
  });

  it("is never written through a link", () => {
    const room = host({ ...SNAPSHOT, [`${staged}/sub/ftl.db`]: "x", [`${staged}/own.db`]: "y" });
    mkdirSync(room.path("/outside"));
    writeFileSync(room.path("/outside/own.db"), "somebody's");
    symlinkSync(room.path("/outside/own.db"), room.path(`/snapshot${config}/own.db`));
    symlinkSync(room.path("/outside"), room.path(`/snapshot${config}/sub`));
    expect(restore(room).problems).toEqual([expect.stringContaining("leads elsewhere")]);
    expect(readdirSync(room.path("/outside"))).toEqual(["own.db"]);
    expect(text(room, "/outside/own.db")).toBe("somebody's");
    expectAsBefore(room);
  });
});
