import { mkdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { jobsOf, type BackupJob } from "../../../cli/backup/jobs.ts";
import { parseList } from "../../../cli/backup/list-answer.ts";
import { copyRows, isSmall, listExitCode } from "../../../cli/backup/list-rows.ts";
import { listScript, repositoryScript } from "../../../cli/backup/list-script.ts";
import { listText } from "../../../cli/backup/list-text.ts";
import { everythingOf } from "../../../cli/backup/places.ts";
import { HOSTS } from "../../../model/host-names.ts";
import { hostNamed } from "../../support/fleet.ts";
import { ScriptRoom } from "../../support/script.ts";
import { isValidShell } from "../../support/shell.ts";
import { runHomelab } from "../support/run-homelab.ts";

const [paperless] = jobsOf(hostNamed("docker-vm")).filter(
  ({ sidecar }) => sidecar.name === "paperless-backup",
) as [BackupJob];
const placesOf = (sidecar: string) =>
  HOSTS.flatMap((host) => everythingOf(hostNamed(host))).flatMap(({ job, places }) =>
    job.sidecar.name === sidecar ? places : [],
  );
const places = placesOf("paperless-backup");

const NOW = new Date("2026-01-03T12:00:00Z");
const YOUNG = { time: "2026-01-03T03:00:00.5Z", short_id: "bbbb2222" };
const OLD = { time: "2026-01-02T03:00:00Z", short_id: "aaaa1111" };
const line = ({ time, short_id: id }: typeof YOUNG) => `all ${id} ${time}`;
const OK_RUN = ["run result=ok", "run finished=1767409200", "run message=snapshot bbbb2222"];
const FAILED_RUN = ["run result=failed", "run finished=1767409200", "run message=a=b is away"];
const SIZES = ["has 0 3 5000000", "has 1 9 70", "has 2 1 30"];

function rows(...lines: string[]) {
  return copyRows({ job: paperless, places, answer: parseList(lines.join("\n")) }, NOW);
}
const states = (...lines: string[]) => rows(...lines).map(({ state }) => state);
const found = (...more: string[]) => [line(OLD), line(YOUNG), "newest bbbb2222", ...more, "end"];

describe("the list of copies", () => {
  it("has a line for each volume, folder and database that a job copies", () => {
    expect(places.map(({ source }) => source)).toEqual([
      "paperless-data",
      "paperless-media",
      "paperless-db",
    ]);
    const protectedThings = HOSTS.flatMap((host) =>
      jobsOf(hostNamed(host)).flatMap(({ sidecar }) => sidecar.backup?.protects ?? []),
    );
    const listed = HOSTS.flatMap((host) =>
      everythingOf(hostNamed(host)).flatMap((each) => each.places),
    );
    expect(listed).toHaveLength(protectedThings.length);
  });

  it("says of each the newest copy, its age beside the greatest, its size and how many are kept", () => {
    const [row] = rows(...OK_RUN, ...found(...SIZES));
    expect(row).toMatchObject({
      source: "paperless-data",
      state: "well",
      newest: { id: "bbbb2222" },
      maxAgeHours: 25,
      size: { files: 3, bytes: 5_000_000 },
      kept: 2,
      verified: null,
    });
    const text = listText(rows(...OK_RUN, ...found(...SIZES)), NOW);
    expect(text).toMatch(
      /docker-vm\/paperless-backup +paperless-data +bbbb2222 +8 h of 25 h +4\.8 MiB +2 +never +well\n/,
    );
  });

  it("says when a copy was last restored and compared, and with what result", () => {
    const record = { at: "2026-01-01T12:00:00Z", snapshot: "aaaa1111", good: false };
    const lines = [`verified ${JSON.stringify(record)}`, ...OK_RUN, ...found(...SIZES)];
    expect(rows(...lines)[0]?.verified).toEqual(record);
    expect(listText(rows(...lines), NOW)).toContain("NOT GOOD, 2 d ago");
    expect(rows("verified {torn", ...found(...SIZES))[0]?.verified).toBeNull();
  });

  it("calls a copy overdue that is older than declared, and says why the last run failed", () => {
    const old = [line(OLD), ...SIZES, "end"];
    expect(states(...OK_RUN, ...old)).toEqual(["overdue", "overdue", "overdue"]);
    expect(rows(...FAILED_RUN, ...old)[0]?.detail).toBe(
      "older than 25 h; the last run failed: a=b is away",
    );
  });

  it("calls a job failed whose last run did, although its copy is young enough", () => {
    expect(states(...FAILED_RUN, ...found(...SIZES))).toEqual(["failed", "failed", "failed"]);
  });

  it("calls a copy suspiciously small that was emptied, or has less than half of a week ago", () => {
    const lines = [...found("has 0 2 4000000", "has 1 0 0", "has 2 1 30", "had 0 9 9000000")];
    expect(states(...OK_RUN, ...lines, "had 1 8 90", "had 2 1 30")).toEqual([
      "small",
      "small",
      "well",
    ]);
    expect(isSmall({ files: 2, bytes: 40 }, { files: 9, bytes: 900 })).toBe(false);
    expect(isSmall({ files: 0, bytes: 0 }, { files: 0, bytes: 0 })).toBe(false);
    expect(isSmall({ files: 9, bytes: 5_000_000 }, { files: 9, bytes: 9_000_000 })).toBe(false);
  });

  it("calls a place missing of which the newest copy has nothing, or that was never copied", () => {
    expect(states(...OK_RUN, ...found("has 0 3 50", "has 2 1 30"))).toEqual([
      "well",
      "missing",
      "well",
    ]);
    expect(states("since 1700000000", "none")[0]).toBe("missing");
  });

  it("gives a new job a day for its first copy, unless its run failed", () => {
    const since = `since ${NOW.getTime() / 1000 - 3600}`;
    expect(states(since, "none")[0]).toBe("new");
    expect(states(since, ...FAILED_RUN, "none")[0]).toBe("failed");
  });

  it("has a line for what could not be asked: a store that is away, a job that does not run", () => {
    expect(rows(...OK_RUN, "problem the repository cannot be opened: no answer")[0]).toMatchObject({
      state: "unknown",
      detail: "the repository cannot be opened: no answer",
      kept: null,
    });
    expect(states("stopped")[0]).toBe("unknown");
    expect(states(...found(...SIZES).slice(0, -1))[0]).toBe("unknown");
    expect(listText(rows("stopped"), NOW)).toContain("pulumi up -s docker-vm");
  });

  it("names once what ails all places of a job, with the command that helps", () => {
    const text = listText(rows(...FAILED_RUN, ...found(...SIZES)), NOW);
    expect(text.match(/the last run failed/g)).toHaveLength(1);
    expect(text).toContain(
      "docker-vm/paperless-backup (paperless-data, paperless-media, paperless-db): the last run failed: a=b is away. Make one now: npx homelab backup run paperless-backup docker-vm",
    );
  });

  it("ends with 0 when all is well, 2 when something is not, and 1 when not all could be asked", () => {
    const exit = (...list: ("well" | "new" | "overdue" | "unknown")[]) =>
      listExitCode(list.map((state) => ({ state })));
    expect(exit("well", "new")).toBe(0);
    expect(exit("well", "overdue")).toBe(2);
    expect(exit("overdue", "unknown")).toBe(1);
  });

  it("is asked for by scripts that a POSIX shell can read", () => {
    expect(isValidShell(listScript(paperless, places))).toBe(true);
    expect(isValidShell(repositoryScript(paperless, places))).toBe(true);
  });

  it("counts what a snapshot has of each place, a SQLite file once, whatever files are called", () => {
    const room = new ScriptRoom();
    mkdirSync(room.path("/scratch"));
    const node = (type: string, path: string, size = 0) =>
      JSON.stringify({ name: path.split("/").at(-1), type, path, size });
    room.file(
      "/listing",
      [
        node("dir", "/data/paperless/data"),
        node("file", "/data/paperless/data/db.sqlite3", 100),
        node("file", '/data/paperless/data/a "path":"/data/paperless/media/b', 7),
        node("file", "/state/stage/data/paperless/data/db.sqlite3", 100),
        node("file", "/data/paperless/database/other", 1000),
        node("dir", "/dumps/dump"),
      ].join("\n") + "\n",
    );
    room.program(
      "restic",
      `case "$*" in
*snapshots*) echo '${JSON.stringify([YOUNG, OLD])}' ;;
*ls*) cat ${room.path("/listing")} ;;
esac`,
    );
    const targets = [
      { source: "a", target: "/data/paperless/data" },
      { source: "b", target: "/data/paperless/media" },
      { source: "c", target: "/dumps/dump" },
    ];
    const { stdout } = room.run(repositoryScript(paperless, targets), ["/scratch"]);
    const answer = parseList(stdout);
    expect(answer.kind).toBe("found");
    expect([...answer.has]).toEqual([
      [0, { files: 2, bytes: 207 }],
      [2, { files: 0, bytes: 0 }],
    ]);
    expect(answer.had).toEqual(answer.has);
    expect(stdout).toContain("newest bbbb2222");
  });

  it("of a repository that does not answer is away, and of one that was never made is none", () => {
    const room = new ScriptRoom();
    mkdirSync(room.path("/scratch"));
    const listed = () =>
      parseList(room.run(repositoryScript(paperless, places), ["/scratch"]).stdout);
    room.program("restic", "echo 'Fatal: dial tcp: connection refused' >&2; exit 1");
    expect(listed()).toMatchObject({
      kind: "away",
      reason: "the repository cannot be opened: Fatal: dial tcp: connection refused",
    });
    room.program("restic", "echo 'Fatal: repository does not exist' >&2; exit 10");
    expect(listed().kind).toBe("none");
  });
});

it("lists a host that is away, ends with 1, and does not wait for it once more for each job", async () => {
  const room = new ScriptRoom();
  room.program("ssh", "echo 'No route to host' >&2; exit 255");
  const run = await runHomelab(["backup", "list", "docker-vm", "--json"], {
    PATH: `${room.path("/bin")}:${process.env["PATH"] ?? ""}`,
    PULUMI_OPTION_CWD: undefined,
  });
  expect(run.exitCode).toBe(1);
  const listed = JSON.parse(run.stdout) as { state: string; host: string }[];
  expect(listed.length).toBeGreaterThan(10);
  expect(new Set(listed.map(({ state, host }) => `${host} ${state}`))).toEqual(
    new Set(["docker-vm unknown"]),
  );
  const calls = readFileSync(room.path("/calls/ssh"), "utf8").trim().split("\n");
  expect(calls.length).toBeLessThan(4);
});
