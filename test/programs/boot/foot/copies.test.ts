import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { agesOf, copyFolders, readCopies } from "../../../../programs/boot/foot/copies.ts";
import { ImitatedContainers } from "./imitated-containers.ts";
import { planWith, settingsFor, startFoot, ToldObserver } from "./told-observer.ts";

const WAIT = { timeout: 30_000, interval: 10 };
const NOON = 1_795_694_400;

const engines: ImitatedContainers[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The volume of a job, with records. */
function volumeWith(records: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "copies-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(records)) writeFileSync(join(folder, name), text);
  return folder;
}

/** A run's record, as a job writes it. */
function ended(result: "ok" | "failed", finished: number): string {
  return `result=${result}\nstarted=${finished - 60}\nfinished=${finished}\nsnapshot=\nmessage=all\n`;
}

async function engineWith(volumes: Readonly<Record<string, string>>): Promise<ImitatedContainers> {
  const engine = await new ImitatedContainers({}).listen();
  for (const [name, folder] of Object.entries(volumes)) engine.volumes.set(name, folder);
  engines.push(engine);
  return engine;
}

/**
 * Until no look is to be taken any more. One is when the engine is heard, which may come later than the
 * first: what is said second is told after it.
 */
async function untilNoLookIsDue(engine: ImitatedContainers, observer: ToldObserver): Promise<void> {
  await vi.waitFor(() => expect(engine.isHeard).toBe(true), WAIT);
  for (const said of [1, 2]) {
    engine.say("d", "start");
    await vi.waitFor(() => expect(observer.count("engine")).toBe(said), WAIT);
  }
}

/** No job's restore was ever compared. */
const nowhere = (): string => "/nowhere";

async function readIn(records: Readonly<Record<string, string>>) {
  return (await readCopies(new Map([["job", volumeWith(records)]]), nowhere)).get("job");
}
const copyIn = async (records: Readonly<Record<string, string>>) => (await readIn(records))?.made;
const failureIn = async (records: Readonly<Record<string, string>>) =>
  (await readIn(records))?.failed;

describe("the last good copy of a job", () => {
  it("is the last run, when that was good", async () => {
    const records = { since: "1\n", "last-run": ended("ok", NOON) };
    expect(await copyIn(records)).toBe(NOON);
    expect(await failureIn(records)).toBeUndefined();
  });

  it("is still the one before, when the last run failed, which says why", async () => {
    const records = { "last-run": ended("failed", NOON), "last-good": ended("ok", NOON - 86_400) };
    expect(await copyIn(records)).toBe(NOON - 86_400);
    expect(await failureIn(records)).toBe("all");
  });

  it.each([
    ["a job that has not run yet", { since: "1\n" }],
    ["a job all of whose runs failed", { "last-run": ended("failed", NOON), "last-good": "" }],
  ])("was never made by %s", async (_, records: Record<string, string>) => {
    expect(await copyIn(records)).toBeNull();
  });

  it.each([
    ["the good one's place was taken by a run that failed", { "last-run": ended("failed", NOON) }],
    ["the volume is empty", {}],
    ["the record is garbage", { since: "1\n", "last-run": "\u0000{}\n" }],
    ["its time is no number", { "last-run": "result=ok\nfinished=$(reboot)\n" }],
  ])("is unknown, and not never, where %s", async (_, records: Record<string, string>) => {
    expect(await copyIn(records)).toBeUndefined();
  });

  it("is not read through a link, nor out of anything but a file", async () => {
    const elsewhere = volumeWith({ "last-run": ended("ok", NOON) });
    const linked = volumeWith({});
    symlinkSync(join(elsewhere, "last-run"), join(linked, "last-run"));
    const piped = volumeWith({});
    execFileSync("mkfifo", [join(piped, "last-run")]);
    const read = await readCopies(
      new Map([
        ["linked", linked],
        ["piped", piped],
      ]),
      nowhere,
    );
    expect([...read]).toEqual([]);
  });

  it("is not looked for in a pipe, so that who writes to it waits for a reader as before", async () => {
    const folder = volumeWith({});
    const pipe = join(folder, "last-run");
    execFileSync("mkfifo", [pipe]);
    const writer = spawn("sh", ["-c", `echo waits; exec 3>"$0"; echo read`, pipe]);
    let said = "";
    writer.stdout.on("data", (text: Buffer) => (said += text.toString()));
    await vi.waitFor(() => expect(said).toBe("waits\n"), WAIT);
    // Until it is where it waits: in the kernel's wait for the other end of the pipe.
    await vi.waitFor(() => {
      const state = readFileSync(`/proc/${writer.pid}/stat`, "utf8");
      expect(state.slice(state.lastIndexOf(")") + 2)[0]).toBe("S");
    }, WAIT);
    expect((await readCopies(new Map([["job", folder]]), nowhere)).size).toBe(0);
    // Opened here for both, which lets in the writer: had it been let in before, it would be over.
    expect(writer.exitCode).toBeNull();
    expect(said).toBe("waits\n");
    const reader = openSync(pipe, constants.O_RDWR);
    await once(writer, "exit");
    closeSync(reader);
    expect(said).toBe("waits\nread\n");
  });

  it("has an age by the host's clock, and none below zero when that was put back", () => {
    const copies = new Map([
      ["a", { made: NOON - 3600, verified: null, failed: "no room" }],
      ["b", { made: NOON + 3600, verified: null, failed: undefined }],
      ["c", { made: null, verified: null, failed: undefined }],
    ]);
    expect(agesOf(copies, NOON * 1000)).toEqual([
      { job: "a", ageSeconds: 3600, verified: null, failed: "no room" },
      { job: "b", ageSeconds: 0, verified: null },
      { job: "c", ageSeconds: null, verified: null },
    ]);
  });
});

describe("a restore that was compared", () => {
  it("is told with its copy as soon as it is known, and nothing of one that cannot be read", async () => {
    const now = Math.floor(Date.now() / 1000);
    const records = volumeWith({});
    const [a, b] = [ended("ok", now), ended("ok", now)].map((run) =>
      volumeWith({ "last-run": run }),
    );
    const engine = await engineWith({ "a-state": a!, "b-state": b! });
    const observer = await ToldObserver.open();
    const { path: settings } = settingsFor(observer.url);
    const plan = () => Promise.resolve(planWith(["a", "b"]));
    writeFileSync(join(records, "b"), "{");
    startFoot({ engine: engine.engine, settings, plan, verified: (job) => join(records, job) });
    await vi.waitFor(() => expect(observer.world.looked).not.toBeNull(), WAIT);
    expect(observer.world.backups["a"]?.verified).toBeNull();
    const record = { at: "2026-11-26T10:00:00.000Z", snapshot: "5", good: true };
    writeFileSync(join(records, "a"), JSON.stringify(record));
    const told = { at: record.at, good: true };
    await vi.waitFor(() => expect(observer.world.backups["a"]?.verified).toEqual(told), WAIT);
    expect(observer.world.backups["b"]?.verified).toBeNull();
  });
});

describe("the jobs of a host", () => {
  it("are the services whose volume of records the engine has, and nobody else's", async () => {
    const engine = await engineWith({
      "pihole-backup-state": "/volumes/a",
      "other-state": "/volumes/b",
      "pihole-data": "/volumes/c",
    });
    const found = await copyFolders(engine.engine, new Set(["pihole-backup", "pihole"]));
    expect([...(found ?? [])]).toEqual([["pihole-backup", "/volumes/a"]]);
  });

  it("are not said to be none by an engine that does not answer", async () => {
    const engine = await engineWith({});
    await engine.close();
    expect(await copyFolders(engine.engine, new Set(["pihole-backup"]))).toBeUndefined();
  });
});

describe("a host with backup jobs", () => {
  it("tells their ages in its look, a new copy as soon as it is made, and none any more where nobody can tell", async () => {
    const now = Math.floor(Date.now() / 1000);
    const [a, b, c] = [
      volumeWith({ since: "1\n", "last-run": ended("ok", now - 30 * 3600) }),
      volumeWith({ since: "1\n" }),
      volumeWith({ "last-run": ended("failed", now - 60) }),
    ];
    const engine = await engineWith({ "a-state": a, "b-state": b, "c-state": c });
    const observer = await ToldObserver.open();
    const { path: settings } = settingsFor(observer.url);
    const plan = () => Promise.resolve(planWith(["a", "b", "c", "d"]));
    startFoot({ engine: engine.engine, settings, plan });
    await vi.waitFor(() => expect(observer.world.looked).not.toBeNull(), WAIT);
    const { backups } = observer.world;
    expect(Object.keys(backups)).toEqual(["a", "b"]);
    expect(backups["a"]?.ageSeconds).toBeGreaterThanOrEqual(30 * 3600);
    expect(backups["b"]?.ageSeconds).toBeNull();

    await untilNoLookIsDue(engine, observer);
    const looks = observer.count("look");
    // As a job does it: never half.
    writeFileSync(join(b, "last-run.new"), ended("ok", now));
    renameSync(join(b, "last-run.new"), join(b, "last-run"));
    await vi.waitFor(() => expect(observer.world.backups["b"]?.ageSeconds).toBeLessThan(60), WAIT);
    expect(observer.count("backup")).toBe(1);
    expect(observer.count("look")).toBe(looks);

    rmSync(join(a, "last-run"));
    rmSync(join(a, "since"));
    await vi.waitFor(() => expect(Object.keys(observer.world.backups)).toEqual(["b"]), WAIT);
  });
});
