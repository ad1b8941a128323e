import { mkdirSync, readFileSync, utimesSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseStarts } from "../../../cli/backup/whole-host/done.ts";
import { historyScript, noteBack, parseHistory } from "../../../cli/backup/whole-host/history.ts";
import {
  inStartOrder,
  starting,
  startScript,
  stopScript,
} from "../../../cli/backup/whole-host/order.ts";
import { ScriptRoom } from "../../support/script.ts";
import { isValidShell } from "../../support/shell.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { files, graph, jobs, paperless } from "./whole-host-copies.ts";

describe("the containers of a host that is put back", () => {
  it("start as the graph says, and who nobody declared comes last", () => {
    const order = inStartOrder(graph, "docker-vm", [
      "stranger",
      "paperless-ngx",
      "paperless-redis",
    ]);
    expect(order.at(-1)).toBe("stranger");
    expect(order.indexOf("paperless-ngx")).toBeGreaterThan(order.indexOf("paperless-redis"));
  });

  it("wait for those that they cannot run without", () => {
    const list = starting(graph, "docker-vm", ["paperless-redis", "paperless-ngx"]);
    expect(list).toEqual([
      { name: "paperless-redis", needed: true },
      { name: "paperless-ngx", needed: false },
    ]);
  });

  it("are written down before the first is stopped, and each has its own time for it", () => {
    const room = new ScriptRoom();
    room.program(
      "docker",
      `case "$*" in
*State.Running*) [ "$5" = gone ] || echo true ;;
*StopTimeout*) echo 45 ;;
"stop "*) [ "$(wc -l <${room.path("/opt/homelab/state/stopped-for-restore")})" = 3 ] || exit 1 ;;
esac`,
    );
    const { exitCode } = room.run(stopScript(["b", "gone", "a"]), ["/opt/homelab"]);
    expect(exitCode).toBe(0);
    expect(calls(room, "stop")).toEqual(["stop -t 45 b", "stop -t 45 a"]);
  });

  it("that cannot be stopped end it, and are still on the list", () => {
    const room = new ScriptRoom();
    room.program(
      "docker",
      'case "$*" in *State.Running*) echo true ;; "stop "*) echo "no engine" >&2; exit 1 ;; esac',
    );
    const { exitCode, stderr } = room.run(stopScript(["b", "a"]), ["/opt/homelab"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("b could not be stopped: no engine");
    expect(listed(room)).toBe("b\na\n");
  });

  it("are off the list once they run; those that do not, and those without data, stay on it", () => {
    const room = new ScriptRoom();
    room.file("/opt/homelab/state/stopped-for-restore", "old\n");
    room.program(
      "docker",
      `case "$*" in
"start b") echo "no such network" >&2; exit 1 ;;
*Health*) [ -e ${room.path("/asked")} ] && echo healthy || { : >${room.path("/asked")}; echo starting; } ;;
esac`,
    );
    const list = [
      { name: "a", needed: true },
      { name: "b", needed: false },
    ];
    const { stdout } = room.run(startScript(list, ["c"]), ["/opt/homelab"]);
    expect(parseStarts(stdout)).toEqual({ started: ["a"], unstarted: ["b no such network"] });
    expect(listed(room)).toBe("c\nb\n");
    room.program("docker");
    room.run(startScript(list, []), ["/opt/homelab"]);
    expect(() => listed(room)).toThrow("ENOENT");
  });

  it("are off the list when they are gone for good, and named once", () => {
    const room = new ScriptRoom();
    room.file("/opt/homelab/state/stopped-for-restore", "a\n");
    room.program("docker", 'echo "Error: No such container: $2" >&2; exit 1');
    const { stdout } = room.run(startScript([{ name: "a", needed: false }], []), ["/opt/homelab"]);
    expect(parseStarts(stdout).unstarted).toEqual(["a Error: No such container: a"]);
    expect(() => listed(room)).toThrow("ENOENT");
  });
});

const calls = (room: ScriptRoom, word: string) =>
  readFileSync(room.path("/calls/docker"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith(`${word} `));
const listed = (room: ScriptRoom) =>
  readFileSync(room.path("/opt/homelab/state/stopped-for-restore"), "utf8");

describe("what a host knows of its data", () => {
  it("is since when it is there, what was put back, and who waits", () => {
    const room = new ScriptRoom();
    mkdirSync(room.path("/v"));
    room.file("/v/paperless-data/sub/file", "x");
    utimesSync(room.path("/v/paperless-data/sub/file"), 5, 5);
    room.program(
      "docker",
      `for name; do :; done
[ -d ${room.path("/v")}/$name ] || exit 1
echo "local 0 ${room.path("/v")}/$name"`,
    );
    room.file("/opt/homelab/state/stopped-for-restore", "paperless-ngx\n");
    room.run(noteBack(files, "bbbb2222"), ["/opt/homelab"]);
    const { stdout } = room.run(historyScript(paperless), ["/opt/homelab"]);
    const known = parseHistory(stdout);
    expect(known?.waiting).toEqual(["paperless-ngx"]);
    expect(known?.restored.map(({ source, snapshot }) => `${snapshot} ${source}`)).toEqual([
      "bbbb2222 paperless-data",
      "bbbb2222 paperless-media",
    ]);
    const now = Date.now() / 1000;
    // A file's time can be set by anybody; when it came there cannot.
    expect(now - (known?.places.get("paperless-data")?.oldest ?? 0)).toBeLessThan(3600);
    expect([...(known?.places.keys() ?? [])]).toEqual(["paperless-data"]);
    expect(parseHistory(stdout.replace(/end$/, ""))).toBeUndefined();
  });

  it("of a database is that of its volume", () => {
    expect(historyScript(paperless)).toContain("dated 'paperless-db' 'paperless-db-data'");
  });

  it("is asked for by scripts that a POSIX shell can read", () => {
    const scripts = [
      historyScript(jobs),
      noteBack(files, "aa"),
      stopScript(["a"]),
      startScript([], []),
    ];
    for (const script of scripts) expect(isValidShell(script), script).toBe(true);
  });
});

it.each([
  [["--all", "--host", "nas", "--json"], "--json cannot ask"],
  [["--all", "--host", "laptop"], '"laptop" is not a host'],
  [["--all", "--host", "nas", "forgejo"], "--all is everything of a host"],
  [["--all", "--host", "nas", "--snapshot", "aaaa1111"], "--all is everything of a host"],
  [["--all", "--host", "nas", "--before", "yesterday"], '"yesterday" is no time'],
  [["forgejo", "--replace-newer"], "belong to --all"],
  [[], "say a service, or --all --host <host>"],
  [["--all", "--yes"], "one host at a time; say --host <host>"],
])("homelab backup restore %j is refused before a host is reached", async (words, message) => {
  const run = await runHomelab(["backup", "restore", ...words], { PULUMI_OPTION_CWD: undefined });
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(message);
});
