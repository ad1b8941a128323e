import { mkdirSync, readFileSync, utimesSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { everythingOf } from "../../../cli/backup/places.ts";
import { hostDoneText, parseStarts } from "../../../cli/backup/whole-host/done.ts";
import {
  historyScript,
  noteBack,
  parseHistory,
  type HostHistory,
} from "../../../cli/backup/whole-host/history.ts";
import {
  inStartOrder,
  starting,
  startScript,
  stopScript,
} from "../../../cli/backup/whole-host/order.ts";
import {
  chosenSnapshot,
  hostPlan,
  newerPlaces,
  presentOf,
  type SeenJob,
} from "../../../cli/backup/whole-host/plan.ts";
import { hostPlanText } from "../../../cli/backup/whole-host/text.ts";
import { buildGraph } from "../../../model/graph.ts";
import { hostNamed, hosts } from "../../support/fleet.ts";
import { ScriptRoom } from "../../support/script.ts";
import { isValidShell } from "../../support/shell.ts";
import { runHomelab } from "../support/run-homelab.ts";

const graph = buildGraph(hosts);
const jobs = everythingOf(hostNamed("docker-vm"));
const paperless = jobs.filter(({ job }) => job.sidecar.name === "paperless-backup");
const [files, dump] = paperless;
if (!files || !dump) throw new Error("Paperless has no job");

const DAY = 86_400;
/** The copies were made at these seconds. */
const COPIED = 20 * DAY;
const NEWEST = { id: "bbbb2222", time: new Date(COPIED * 1000) };
const EARLIER = { id: "aaaa1111", time: new Date((COPIED - DAY) * 1000) };
const NOTHING_KNOWN: HostHistory = { places: new Map(), restored: [], waiting: [] };

function history(
  times: { born?: number; oldest?: number; newest?: number },
  restored: HostHistory["restored"] = [],
  source = "paperless-data",
): HostHistory {
  const place = { born: 0, oldest: 0, newest: 0, ...times };
  return { places: new Map([[source, place]]), restored, waiting: [] };
}
const present = (known: HostHistory, full = true) =>
  presentOf({ source: "paperless-data", full }, NEWEST, known);

/** What a look found of the files of Paperless. */
function seen(copies: readonly ({ files: number; bytes: number } | undefined)[]): SeenJob {
  if (!files) throw new Error("Paperless has no job");
  const place = {
    aside: "/kept",
    device: "51",
    freeBytes: 9e12,
    full: true,
    writers: ["paperless-ngx"],
  };
  const places = files.places.map((each, index) => ({ ...each, ...place, copy: copies[index] }));
  return { job: files, look: { kind: "found", snapshot: NEWEST, others: [EARLIER], places } };
}
const COPY = { files: 3, bytes: 50 };

describe("what is in a place before a whole host is put back", () => {
  it("is nothing, or what a first start wrote, when it was made after the copy", () => {
    expect(present(history({ born: COPIED + 9 }), false)).toBe("empty");
    const after = { oldest: COPIED + 10, newest: COPIED + 50 };
    expect(present(history({ born: COPIED + 9, ...after }))).toBe("first-start");
    expect(present(history(after))).toBe("first-start");
  });

  it("is newer than the copy when it was there before it and was written to since", () => {
    expect(present(history({ oldest: COPIED - 50, newest: COPIED + 50 }))).toBe("newer");
    // Programs that give all files their owner at each start leave no old time.
    const owned = { born: COPIED - DAY, oldest: COPIED + 10, newest: COPIED + 50 };
    expect(present(history(owned))).toBe("newer");
    expect(present(NOTHING_KNOWN)).toBe("newer");
    expect(present(history({ oldest: COPIED - 50, newest: COPIED - 9 }))).toBe("unchanged");
  });

  it("is the copy itself once it was put back, until the place is made anew", () => {
    const done = { source: "paperless-data", snapshot: "bbbb2222", seconds: COPIED + 100 };
    const times = { born: COPIED + 9, oldest: COPIED + 90, newest: COPIED + 500 };
    expect(present(history(times, [done]))).toBe("back");
    expect(present(history(times, [done]), false)).toBe("empty");
    expect(present(history({ ...times, born: COPIED + 200 }, [done]))).toBe("first-start");
    // A later copy was put back after this one was made, and people have worked with it since.
    expect(present(history(times, [{ ...done, snapshot: "aaaa1111" }]))).toBe("newer");
  });

  it("is back also after a night, whose copy is of what was put back; a person can say otherwise", () => {
    const done = { source: "paperless-data", snapshot: "aaaa1111", seconds: COPIED - 100 };
    const times = { born: COPIED - 200, oldest: COPIED - 110, newest: COPIED + 500 };
    const known = history(times, [done]);
    expect(present(known)).toBe("back");
    expect(present(known, false)).toBe("empty");
    expect(hostPlan([seen([COPY, undefined])], known).back).toEqual(["paperless-data"]);
    const [step] = hostPlan([seen([COPY, undefined])], known, true).steps;
    expect(step?.places.map(({ present: now }) => now)).toEqual(["newer"]);
  });
});

describe("the plan for a whole host", () => {
  it("has everything that its jobs copy, the files of a job before its database", () => {
    expect(paperless.map(({ places }) => places.map(({ source }) => source))).toEqual([
      ["paperless-data", "paperless-media"],
      ["paperless-db"],
    ]);
  });

  it("leaves alone what is back already and what no copy has, and says so", () => {
    const done = { source: "paperless-data", snapshot: "bbbb2222", seconds: COPIED + 100 };
    const known = history({ born: COPIED + 9, newest: COPIED + 500 }, [done]);
    const plan = hostPlan([seen([COPY, undefined]), { job: dump, look: undefined }], known);
    expect(plan.steps).toEqual([]);
    expect(plan.back).toEqual(["paperless-data"]);
    expect(plan.stays.map(({ source }) => source)).toEqual(["paperless-media", "paperless-db"]);
    const text = hostPlanText("docker-vm", plan, ["paperless-ngx"]);
    expect(text).toContain("is back already: paperless-data");
    expect(text).toContain("paperless-media, snapshot bbbb2222 has nothing of it");
    expect(text).toContain("paperless-db, there is no copy");
  });

  it("puts back only the places that are left of a job", () => {
    const done = { source: "paperless-data", snapshot: "bbbb2222", seconds: COPIED + 100 };
    const known = history({ born: COPIED + 9, newest: COPIED + 500 }, [done]);
    const [step] = hostPlan([seen([COPY, COPY])], known).steps;
    expect(step?.job.places.map(({ source }) => source)).toEqual(["paperless-media"]);
    expect(step?.places.map(({ source }) => source)).toEqual(["paperless-media"]);
  });

  it("names what would lose what was written since the copy", () => {
    const known = history({ oldest: COPIED - 50, newest: COPIED + 50 }, [], "paperless-media");
    const places = new Map([
      ...known.places,
      ["paperless-data", { born: COPIED + 1, oldest: COPIED + 2, newest: COPIED + 3 }],
    ]);
    const plan = hostPlan([seen([COPY, COPY])], { ...known, places });
    expect(newerPlaces(plan).map(({ place }) => place.source)).toEqual(["paperless-media"]);
    expect(hostPlanText("docker-vm", plan, [])).toMatch(
      /paperless-media .*NEWER than the copy, of 1970-01-21/,
    );
  });

  it("notices a copy that was made after its place was made anew, empty, while older ones are there", () => {
    const between = { born: COPIED - 50, oldest: COPIED - 40, newest: COPIED - 9 };
    expect(hostPlan([seen([COPY, COPY])], history(between)).anew).toEqual([
      { source: "paperless-data", born: new Date((COPIED - 50) * 1000) },
    ]);
    const done = { source: "paperless-data", snapshot: "aaaa1111", seconds: COPIED - 30 };
    expect(hostPlan([seen([COPY, COPY])], history(between, [done])).anew).toEqual([]);
    expect(hostPlan([seen([COPY, COPY])], history({ ...between, born: 5 })).anew).toEqual([]);
  });

  it("takes the newest copy, or the newest from before a moment", () => {
    const { look } = seen([COPY, COPY]);
    if (!look) throw new Error("there is a copy");
    expect(chosenSnapshot(look, undefined)?.id).toBe("bbbb2222");
    expect(chosenSnapshot(look, new Date(COPIED * 1000))?.id).toBe("aaaa1111");
    expect(chosenSnapshot(look, new Date(0))).toBeUndefined();
  });
});

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

it("a host of which a part is not back says what, and how to go on", () => {
  const [step] = hostPlan([seen([COPY, COPY])], NOTHING_KNOWN).steps;
  if (!step) throw new Error("nothing is planned");
  const text = hostDoneText({
    host: "docker-vm",
    back: [],
    stays: [{ source: "paperless-db", why: "there is no copy" }],
    outcomes: [{ step, problem: "the server is away" }],
    staying: ["paperless-ngx"],
    started: ["vaultwarden"],
    unstarted: [],
  });
  expect(text).toContain("NOT BACK: the server is away");
  expect(text).toContain("Without a copy, and as it was: paperless-db");
  expect(text).toContain("Left stopped, because their data is not back: paperless-ngx");
  expect(text).toContain("repeat the command");
  expect(text).not.toContain("Everything is back");
});

it.each([
  [["--all", "nas", "--json"], "--json cannot ask"],
  [["--all", "laptop"], '"laptop" is not a host'],
  [["--all", "nas", "forgejo"], "--all <host> is everything of it"],
  [["--all", "nas", "--snapshot", "aaaa1111"], "--all <host> is everything of it"],
  [["--all", "nas", "--before", "yesterday"], '"yesterday" is no time'],
  [["forgejo", "--replace-newer"], "belong to --all"],
  [[], "say a service or --all <host>"],
])("homelab backup restore %j is refused before a host is reached", async (words, message) => {
  const run = await runHomelab(["backup", "restore", ...words], { PULUMI_OPTION_CWD: undefined });
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(message);
});
