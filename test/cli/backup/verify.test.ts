import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compare, isGood, parseRestored, type Restored } from "../../../cli/backup/compare.ts";
import { jobsNamed } from "../../../cli/backup/jobs.ts";
import { parseVerified, verifiedScript } from "../../../cli/backup/verified.ts";
import { restoreScript, verifyScript } from "../../../cli/backup/verify-script.ts";
import { hosts } from "../../support/fleet.ts";
import { ScriptRoom } from "../../support/script.ts";
import { isValidShell } from "../../support/shell.ts";
import { runHomelab } from "../support/run-homelab.ts";

/** The copy was made at 1,000,000 s. */
const SNAPSHOT = "1234abcd 1970-01-12T13:46:40.5Z";
const BEFORE = 999_000;
const AFTER = 1_000_100;

interface FileText {
  readonly sum: string;
  readonly changed?: number;
  readonly bytes?: number;
}

function lines(side: "copy" | "live", files: Record<string, FileText>): string[] {
  return Object.entries(files).flatMap(([path, { sum, changed = BEFORE, bytes = 5 }]) => [
    `${side}-sum ${sum.repeat(64)}  ${side === "copy" ? "." : ""}${path}`,
    `${side}-stat ${changed} ${changed} ${bytes} ${side === "copy" ? "." : ""}${path}`,
  ]);
}

function restored(
  copy: Record<string, FileText>,
  live: Record<string, FileText>,
): Extract<Restored, { kind: "restored" }> {
  const text = [`snapshot ${SNAPSHOT}`, ...lines("copy", copy), ...lines("live", live), "end"];
  const found = parseRestored(text.join("\n"));
  if (found.kind !== "restored") throw new Error(`it is ${found.kind}`);
  return found;
}

describe("comparing a copy with what is live", () => {
  it("is good when every file is the same", () => {
    const files = { "/data/a b": { sum: "a" }, "/data/c": { sum: "c" } };
    const found = compare(restored(files, files), []);
    expect(found).toMatchObject({ identical: 2, bytes: 10, changedSince: 0 });
    expect(isGood(found)).toBe(true);
  });

  it("does not blame the copy for what was written, made or removed after it", () => {
    const found = compare(
      restored(
        { "/data/written": { sum: "a" }, "/data/removed": { sum: "b" } },
        {
          "/data/written": { sum: "c", changed: AFTER },
          "/data/made": { sum: "d", changed: AFTER },
        },
      ),
      [],
    );
    expect(found).toMatchObject({ identical: 0, changedSince: 3 });
    expect(isGood(found)).toBe(true);
  });

  it("calls a file damaged that differs although it was not changed since", () => {
    const found = compare(restored({ "/data/a": { sum: "a" } }, { "/data/a": { sum: "b" } }), []);
    expect(found.damaged).toEqual(["/data/a"]);
    expect(isGood(found)).toBe(false);
  });

  it("calls a file missing that was there and is not in the copy, unless it is left out as declared", () => {
    const live = {
      "/data/a": { sum: "a" },
      "/data/logs/x.log": { sum: "b" },
      "/data/cache/y": { sum: "c" },
    };
    expect(compare(restored({ "/data/a": { sum: "a" } }, live), []).missing).toEqual([
      "/data/logs/x.log",
      "/data/cache/y",
    ]);
    const found = compare(restored({ "/data/a": { sum: "a" } }, live), ["*.log", "/data/cache"]);
    expect(found).toMatchObject({ missing: [], excluded: 2 });
  });

  it("compares the copy of a SQLite file with the file itself, and needs none of its companions", () => {
    const found = compare(
      restored(
        { "/state/stage/data/db.sqlite3": { sum: "a" } },
        { "/data/db.sqlite3": { sum: "a" }, "/data/db.sqlite3-shm": { sum: "b" } },
      ),
      [],
    );
    expect(found).toMatchObject({ identical: 1, missing: [], excluded: 1 });
  });

  it("accepts a SQLite file that was written between its copy and the snapshot", () => {
    const staged = { "/state/stage/data/db": { sum: "a", changed: BEFORE } };
    const found = compare(restored(staged, { "/data/db": { sum: "b", changed: BEFORE + 1 } }), []);
    expect(found).toMatchObject({ changedSince: 1, damaged: [] });
  });

  it("rejects a dump without content", () => {
    const dump = { "/dumps/dump/paperless.sql": { sum: "e", bytes: 0 } };
    expect(isGood(compare(restored(dump, dump), []))).toBe(false);
  });

  it("takes an answer that was cut short for a problem", () => {
    expect(parseRestored(`snapshot ${SNAPSHOT}\n`)).toMatchObject({ kind: "problem" });
    expect(parseRestored("none\n")).toEqual({ kind: "none" });
    expect(parseRestored("snapshot 1234abcd 1970-01-12T13:46:40.5Z\nspace 2048 1\n")).toEqual({
      kind: "space",
      neededBytes: 2048,
      freeBytes: 1024,
    });
  });
});

describe("the job that is meant", () => {
  it("is found by sidecar, by repository and by a service whose data it copies", () => {
    for (const name of ["paperless-backup", "paperless", "paperless-db", "paperless-ngx"]) {
      expect(jobsNamed(hosts, name, undefined).map(({ sidecar }) => sidecar.name)).toEqual([
        "paperless-backup",
      ]);
    }
  });

  it("is an error that lists the jobs when there is none", async () => {
    const run = await runHomelab(["backup", "verify", "dozzle", "--host", "docker-vm"], {
      PULUMI_OPTION_CWD: undefined,
    });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("docker-vm/vaultwarden-backup");
  });

  it("has scripts that a POSIX shell can read, and reads live data read-only", () => {
    for (const job of jobsNamed(hosts, "vaultwarden", undefined)) {
      expect(isValidShell(verifyScript(job))).toBe(true);
      expect(isValidShell(restoreScript(job))).toBe(true);
      expect(verifyScript(job)).toContain("--volumes-from 'vaultwarden-backup':ro");
      expect(job.folders.length).toBeGreaterThan(0);
    }
  });
});

describe("homelab backup verify", () => {
  it("wants either one service or --all", async () => {
    for (const words of [[], ["vaultwarden", "--all"]]) {
      const run = await runHomelab(["backup", "verify", ...words]);
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toContain("say either a service or --all");
    }
  });

  it("--all looks at every job of a host, whatever one ends with, and keeps each result there", async () => {
    const room = new ScriptRoom();
    const good = [`snapshot ${SNAPSHOT}`, ...lines("copy", {}), "end", ""].join("\n");
    room.file("/good", good);
    room.program(
      "ssh",
      `script=$(cat)
printf '\\nhomelab-connected\\n'
case $script in
*state/verified*) printf '%s\\n' "$script" >>${room.path("/kept")} ;;
*forgejo-backup*) echo "no room" >&2; exit 1 ;;
*) cat ${room.path("/good")} ;;
esac`,
    );
    const run = await runHomelab(["backup", "verify", "--all", "--host", "nas"], {
      PULUMI_OPTION_CWD: undefined,
      PATH: `${room.path("/bin")}:${process.env["PATH"] ?? ""}`,
    });
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain("nas/forgejo-backup: NOT GOOD");
    expect(run.stdout).toContain("no room");
    expect(run.stdout).toContain("nas/coolify-backup: good, snapshot 1234abcd");
    expect(run.stdout).toContain("1 of 2 jobs good");
    const kept = readFileSync(room.path("/kept"), "utf8");
    expect(kept).toContain("/opt/homelab/state/verified/coolify-backup");
    expect(kept).toContain('"snapshot":"1234abcd","good":true');
    expect(kept).not.toContain("forgejo-backup");
  });

  it("keeps a result that list reads again, whole or not at all", () => {
    const room = new ScriptRoom();
    const record = { at: "2026-01-01T00:00:00.000Z", snapshot: "1234abcd", good: true };
    expect(room.run(verifiedScript("a-backup", record), ["/opt/homelab"]).exitCode).toBe(0);
    const text = readFileSync(room.path("/opt/homelab/state/verified/a-backup"), "utf8");
    expect(parseVerified(text)).toEqual(record);
    expect(parseVerified(text.slice(0, 9))).toBeUndefined();
  });
});
