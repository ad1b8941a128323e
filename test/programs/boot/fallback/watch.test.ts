import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { armedSchema, noteIn, QUIET_SECONDS } from "../../../../model/fallback.ts";
import { Containers } from "../../../../programs/boot/fallback/containers.ts";
import { keepServices } from "../../../../programs/boot/fallback/keep.ts";
import { KeptOnDisk, type KeptPlaces } from "../../../../programs/boot/fallback/kept.ts";
import { FallbackWatch } from "../../../../programs/boot/fallback/watch.ts";
import { ImitatedContainers, type Imitated } from "./imitated-engine.ts";

const NAMES = ["mesh", "names"];
const OLD_FILE = "old settings\n";
const NEW_FILE = "new settings\n";

let folder: string;
let places: KeptPlaces;
let kept: KeptOnDisk;
let engine: ImitatedContainers;
let mark: string;
let now: number;
let lines: string[];
let was: Map<string, Imitated>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "homelab-fallback-"));
  places = {
    folder: join(folder, "fallback"),
    filesOf: (service) => join(folder, "files", service),
    noteOf: (service) => join(folder, "notes", service),
  };
  kept = new KeptOnDisk(places);
  engine = new ImitatedContainers();
  mark = join(folder, "deploying");
  now = 1000;
  lines = [];
  for (const name of NAMES) {
    mkdirSync(places.filesOf(name), { recursive: true });
    writeFileSync(file(name), OLD_FILE, { mode: 0o400 });
    engine.add(name);
  }
  was = new Map(engine.all.map((one) => [one.name, { ...one }]));
  await keep();
});

function file(service: string): string {
  return join(places.filesOf(service), "config.yaml");
}

async function keep() {
  return keepServices(NAMES, new Containers(engine), kept, () => Promise.resolve());
}

/** Says that a deployment is under way; nobody renews its mark any more. */
function arm(refused: Readonly<Record<string, string>> = {}): void {
  const services = NAMES.map((name) => ({
    ...{ name, refused: refused[name] ?? null, deadlineSeconds: 60 },
  }));
  const armed = { version: 1, run: "run-1", since: "x", quietSeconds: QUIET_SECONDS, services };
  writeFileSync(join(places.folder, "armed.json"), JSON.stringify(armedSchema.parse(armed)));
  writeFileSync(mark, "run-1");
}

function deploy(service: string, more: Partial<Imitated> = {}): Imitated {
  const at = engine.all.findIndex(({ name }) => name === service);
  if (at >= 0) engine.all.splice(at, 1);
  rmSync(file(service));
  writeFileSync(file(service), NEW_FILE, { mode: 0o600 });
  return engine.add(service, { image: "example.org/one:2", health: "unhealthy", ...more });
}

function watchOf(isSettled = true, isMaintained = false): FallbackWatch {
  const around = {
    engine,
    kept,
    write: ({ text }: { readonly text: string }) => void lines.push(text),
    isSettled: () => isSettled,
    isMaintained: () => isMaintained,
    signs: [mark],
    seconds: () => now,
    wait: () => Promise.resolve(),
  };
  return new FallbackWatch(around, new AbortController().signal);
}

async function lookTwice(watch: FallbackWatch, seconds = QUIET_SECONDS): Promise<void> {
  await watch.look();
  now += seconds;
  await watch.look();
}

/** Asserts that one container of a service runs, which is as the one before, with its files. */
function expectBack(service: string): void {
  const running = engine.all.filter((one) => one.service === service && one.status === "running");
  expect(running.map(({ name, image }) => [name, image])).toEqual([
    [service, was.get(service)?.image],
  ]);
  expect(readFileSync(file(service), "utf8")).toBe(OLD_FILE);
  expect(statSync(file(service)).mode & 0o777).toBe(0o400);
}

describe("a deployment that nobody confirms", () => {
  it("has what it broke put back, once, with its files; the broken one stays beside it", async () => {
    arm();
    const broken = deploy("mesh");
    const watch = watchOf();
    await lookTwice(watch);
    expectBack("mesh");
    expect(engine.named("mesh.failed")).toMatchObject({ id: broken.id, status: "exited" });
    expect(engine.named("names")).toMatchObject({ id: was.get("names")?.id });
    const note = noteIn(readFileSync(places.noteOf("mesh"), "utf8"));
    expect(note).toMatchObject({ container: engine.named("mesh")?.id, back: true });
    expect(note?.words).toContain("unhealthy, and nobody came back to the deployment run-1");
    expect(existsSync(places.folder)).toBe(false);
    const changes = engine.changes.length;
    for (const one of engine.all) one.health = "unhealthy";
    await lookTwice(watch);
    await lookTwice(watchOf());
    expect(engine.changes).toHaveLength(changes);
  });

  it("has one put back that is gone, and one that crashes again and again", async () => {
    arm();
    deploy("mesh");
    engine.all.splice(
      engine.all.findIndex(({ name }) => name === "mesh"),
      1,
    );
    deploy("names", { status: "restarting", restarts: 3 });
    await lookTwice(watchOf());
    expectBack("mesh");
    expectBack("names");
  });

  it("has the very container started again that it had stopped and not yet removed", async () => {
    arm();
    const one = engine.named("mesh");
    if (one) one.status = "exited";
    await lookTwice(watchOf());
    expect(engine.named("mesh")).toMatchObject({ id: was.get("mesh")?.id, status: "running" });
    expect(engine.changes).toEqual([`start ${was.get("mesh")?.id ?? ""}`]);
  });

  it("leaves nothing kept where all is well in the end", async () => {
    arm();
    deploy("mesh", { health: "healthy" });
    await lookTwice(watchOf());
    expect(engine.changes).toEqual([]);
    expect(existsSync(places.folder)).toBe(false);
  });

  it("is left as it is, and that is said, where the older one may not open the data", async () => {
    arm({ mesh: "the data went forward" });
    const broken = deploy("mesh");
    await lookTwice(watchOf());
    expect(engine.changes).toEqual([]);
    const note = noteIn(readFileSync(places.noteOf("mesh"), "utf8"));
    expect(note).toMatchObject({ container: broken.id, back: false });
    expect(note?.words).toContain("the data went forward");
  });
});

describe("a deployment that is under way", () => {
  it("is waited for as long as its mark is renewed, however long it takes", async () => {
    arm();
    deploy("mesh");
    const watch = watchOf();
    for (let turn = 1; turn < 40; turn += 1) {
      utimesSync(mark, turn, turn);
      await watch.look();
      now += QUIET_SECONDS - 1;
    }
    expect(engine.changes).toEqual([]);
  });

  it("is waited for while another container comes, while the host boots, and while a person works on it", async () => {
    arm();
    deploy("mesh");
    const watch = watchOf();
    await lookTwice(watch, QUIET_SECONDS - 1);
    deploy("mesh");
    now += QUIET_SECONDS - 1;
    await watch.look();
    await lookTwice(watchOf(false));
    await lookTwice(watchOf(true, true));
    expect(engine.changes).toEqual([]);
  });

  it("is waited for from the beginning again by a program that starts, whatever the clock says", async () => {
    arm();
    utimesSync(mark, 1, 1);
    deploy("mesh");
    await lookTwice(watchOf(), QUIET_SECONDS - 1);
    await watchOf().look();
    expect(engine.changes).toEqual([]);
  });

  it("keeps of one that is broken what was kept before, and says what may have written its data since", async () => {
    deploy("mesh");
    expect(await keep()).toEqual([
      { name: "mesh", image: "example.org/one:1", since: ["example.org/one:2"] },
      { name: "names", image: "example.org/one:1", since: [] },
    ]);
    arm();
    await lookTwice(watchOf());
    expectBack("mesh");
  });
});

describe("a program that is killed while it puts back", () => {
  it.each(
    Array.from({ length: 8 }, (_, index) => [
      { at: index + 1, done: false },
      { at: index + 1, done: true },
    ]).flat(),
  )("at its change $at (done: $done) is followed by one that finishes it", async (kill) => {
    arm();
    deploy("mesh");
    engine.add("mesh", { name: "mesh.failed", status: "exited" });
    engine.add("mesh", { name: "mesh.put-back", status: "created" });
    engine.kill = kill;
    await lookTwice(watchOf());
    // Nothing of the one that was killed goes on: the next begins from what lies there.
    engine.kill = undefined;
    const next = watchOf();
    await lookTwice(next);
    await lookTwice(next);
    expectBack("mesh");
    expect(engine.all.map(({ name }) => name).sort()).toEqual(["mesh", "mesh.failed", "names"]);
    expect(existsSync(places.folder)).toBe(false);
  });
});

describe("one that was finished after that", () => {
  it("is put back no second time though it is not well either, and the next has its turn", async () => {
    arm();
    deploy("mesh");
    deploy("names");
    engine.healthOfStarted = "unhealthy";
    engine.kill = { at: 5, done: true };
    await lookTwice(watchOf());
    const next = watchOf();
    engine.kill = undefined;
    await next.look();
    expect(readFileSync(places.noteOf("mesh"), "utf8")).toContain("but it is unhealthy now");
    await lookTwice(next);
    await lookTwice(next);
    expectBack("names");
    expect(engine.changes.filter((change) => change.startsWith("create"))).toEqual([
      "create mesh.put-back",
      "create names.put-back",
    ]);
  });
});

describe("an engine that refuses", () => {
  it("to make the container is asked five times, told once, and nothing is touched", async () => {
    arm();
    const broken = deploy("mesh");
    engine.refuses = "create";
    const watch = watchOf();
    await lookTwice(watch);
    for (let turn = 0; turn < 20; turn += 1) await watch.look();
    expect(engine.changes).toEqual(Array.from({ length: 5 }, () => "create mesh.put-back"));
    expect(lines.filter((line) => line.endsWith("it is tried again"))).toHaveLength(1);
    expect(engine.named("mesh")).toMatchObject({ id: broken.id, status: "running" });
    expect(readFileSync(places.noteOf("mesh"), "utf8")).toContain("no room");
  });

  it("to start it has the broken one back in its place, with its own files", async () => {
    arm();
    const broken = deploy("mesh");
    engine.refuses = "start mesh-4";
    const watch = watchOf();
    await lookTwice(watch);
    for (let turn = 0; turn < 20; turn += 1) await watch.look();
    expect(engine.named("mesh")).toMatchObject({ id: broken.id, status: "running" });
    expect(engine.named("mesh.put-back")).toBeUndefined();
    expect(readFileSync(file("mesh"), "utf8")).toBe(NEW_FILE);
    expect(engine.changes.filter((change) => change.startsWith("start mesh-4"))).toHaveLength(5);
  });

  it("has nothing begun where image or network are gone", async () => {
    arm();
    deploy("mesh");
    engine.missing.add("one-net");
    await lookTwice(watchOf());
    expect(engine.changes).toEqual([]);
    expect(readFileSync(places.noteOf("mesh"), "utf8")).toContain("its network one-net is gone");
  });
});
