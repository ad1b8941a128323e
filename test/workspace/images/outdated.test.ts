import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { POSTGRES_17_IMAGE } from "../../../components/data/postgres.image.ts";
import type { ImageContract } from "../../../model/image-contract.ts";
import { KeptAnswers } from "../../../workspace/images/kept-answers.ts";
import {
  findOutdated,
  outdatedReportSchema,
  type OutdatedReport,
  type OutdatedRow,
} from "../../../workspace/images/outdated.ts";
import { registryClient } from "../../../workspace/images/registry.ts";
import { imitateImages, type FilledRegistry } from "./imitated-images.ts";

const NOW = new Date("2026-06-30T12:00:00.000Z");
const DAY = 86_400;

let registry: FilledRegistry;
let file: string;

beforeEach(async () => {
  registry = await imitateImages();
  file = join(mkdtempSync(join(tmpdir(), "kept-")), "answers.json");
});

afterEach(() => registry.close());

/** So many days before the present of these tests. */
const daysAgo = (days: number): string => new Date(NOW.getTime() - days * DAY * 1000).toISOString();

interface Asked {
  readonly locked?: readonly string[];
  readonly contract?: ImageContract;
  readonly coolDownDays?: number;
  readonly now?: Date;
}

/** Asks about images of the imitation, as one run of the command does. */
async function ask(
  names: readonly string[],
  { locked = [], contract, coolDownDays = 7, now = NOW }: Asked = {},
): Promise<OutdatedReport> {
  const images = names.map((name) => ({
    image: `${registry.name}/${name}`,
    services: [name.replace(/:.*/, "")],
    lockFiles: [],
    locked,
    contract,
  }));
  const report = await findOutdated(images, {
    coolDownSeconds: coolDownDays * DAY,
    now,
    registry: registryClient(
      {
        basicFor: () => Promise.resolve(undefined),
        keptBy: () => undefined,
      },
      () => Promise.resolve(),
    ),
    kept: await KeptAnswers.open(file, now),
    say: () => undefined,
  });
  return outdatedReportSchema.parse(report);
}

async function rowOf(name: string, asked: Asked = {}): Promise<OutdatedRow> {
  const [row] = (await ask([name], asked)).rows;
  if (!row) throw new Error("no row");
  return row;
}

describe("what is newer than an image", () => {
  it("is found on every page of the registry's list, within the major version and at all", async () => {
    for (const tag of ["1.0.0", "1.0.1", "1.1.0", "1.9.0", "10.0.0", "2.0.0", "latest"]) {
      registry.publish("app", tag, { created: daysAgo(30) });
    }
    const row = await rowOf("app:1.0.0");
    expect(row.withinMajor?.tag).toBe("1.9.0");
    expect(row.newest?.tag).toBe("10.0.0");
    expect(row.problem).toBeNull();
    expect(registry.requests.filter(({ line }) => line.includes("/tags/list")).length).toBe(4);
  });

  it("waits until it is as old as the cool-down, by what stands in its configuration", async () => {
    registry.publish("app", "1.0.0", { created: daysAgo(60) });
    registry.publish("app", "1.0.1", { created: daysAgo(3) });
    const row = await rowOf("app:1.0.0");
    expect(row.newest).toEqual({
      tag: "1.0.1",
      created: daysAgo(3),
      ready: false,
      readyAt: daysAgo(-4),
    });
    expect((await rowOf("app:1.0.0", { coolDownDays: 3 })).newest?.ready).toBe(true);
  });

  it("is as old as its index says, where that says it, and no more is asked", async () => {
    registry.publish("app", "1.0.0", { created: daysAgo(60) });
    registry.publish("app", "1.0.1", { created: daysAgo(9), annotated: true });
    expect((await rowOf("app:1.0.0")).newest).toMatchObject({ created: daysAgo(9), ready: true });
    expect(registry.requests.filter(({ line }) => line.includes("/blobs/"))).toEqual([]);
  });

  it.each([
    ["nothing", null],
    ["1970, as reproducible builds do", "1970-01-01T00:00:00Z"],
  ])(
    "waits for good when its configuration says %s of its age, unless there is no cool-down",
    async (_, created) => {
      registry.publish("app", "1.0.0", { created: daysAgo(60) });
      registry.publish("app", "1.0.1", { created });
      const unknown = { tag: "1.0.1", created: null, readyAt: null };
      expect((await rowOf("app:1.0.0")).newest).toEqual({ ...unknown, ready: false });
      expect((await rowOf("app:1.0.0", { coolDownDays: 0 })).newest?.ready).toBe(true);
    },
  );

  it("is not hidden by what is newer still and waits", async () => {
    registry.publish("app", "1.0.0", { created: daysAgo(60) });
    registry.publish("app", "1.0.1", { created: daysAgo(20) });
    registry.publish("app", "1.0.2", { created: daysAgo(2) });
    const row = await rowOf("app:1.0.0");
    expect(row.withinMajor).toMatchObject({ tag: "1.0.2", ready: false });
    expect(row.due).toMatchObject({ tag: "1.0.1", ready: true });
  });

  it("is no other major version of what cannot bring its data forward", async () => {
    for (const tag of ["17-alpine", "18-alpine"]) {
      registry.publish("postgres", tag, { created: daysAgo(90) });
    }
    const row = await rowOf("postgres:17-alpine", { contract: POSTGRES_17_IMAGE });
    expect(row).toMatchObject({ staysInMajor: true, newest: null, withinMajor: null });
    expect((await rowOf("postgres:17-alpine")).newest?.tag).toBe("18-alpine");
  });

  it("are other bytes under the same tag, with their own age", async () => {
    const before = registry.publish("redis", "7-alpine", { created: daysAgo(90) });
    expect((await rowOf("redis:7-alpine", { locked: [before] })).moved).toBeNull();
    const moved = registry.publish("redis", "7-alpine", { created: daysAgo(2) });
    const later = new Date(NOW.getTime() + DAY * 1000);
    const row = await rowOf("redis:7-alpine", { locked: [before], now: later });
    expect(row.moved).toMatchObject({ tag: "7-alpine", digest: moved, ready: false });
  });
});

describe("the exit code", () => {
  it("is 0 without anything newer, 2 with it, and 1 when an image could not be asked for", async () => {
    registry.publish("old", "1.0", { created: daysAgo(90) });
    registry.publish("old", "1.1", { created: daysAgo(1) });
    registry.publish("new", "1.0", { created: daysAgo(90) });
    expect((await ask(["new:1.0"])).exitCode).toBe(0);
    expect((await ask(["new:1.0", "old:1.0"])).exitCode).toBe(2);
    expect((await ask(["new:1.0", "old:1.0", "gone:1.0"])).exitCode).toBe(1);
  });
});

describe("an image that cannot be asked for", () => {
  it("is a row with the reason, and the others are asked", async () => {
    registry.publish("app", "1.0", { created: daysAgo(90) });
    registry.publish("app", "1.1", { created: daysAgo(80) });
    const { rows } = await ask(["gone:1.0", "app:1.0"]);
    expect(rows.map(({ newest, problem }) => [newest?.tag ?? null, problem])).toEqual([
      ["1.1", null],
      [null, expect.stringContaining("has no gone (404)")],
    ]);
  });

  it("is never taken for the newest when the registry was asked too often", async () => {
    registry.publish("app", "1.0", { created: daysAgo(90) });
    registry.trouble("/v2/", { status: 429, headers: { "retry-after": "3600" } });
    const report = await ask(["app:1.0"]);
    expect(report.exitCode).toBe(1);
    expect(report.rows[0]).toMatchObject({ newest: null, asked: null });
    expect(report.rows[0]?.problem).toContain("asked too often; try again in 60 min");
  });

  it("keeps what it last said, with the time, once that is too old to stand alone", async () => {
    registry.publish("app", "1.0", { created: daysAgo(90) });
    registry.publish("app", "1.1", { created: daysAgo(80) });
    await ask(["app:1.0"]);
    registry.trouble("/v2/", { status: 503 });
    const tomorrow = new Date(NOW.getTime() + DAY * 1000);
    const row = await rowOf("app:1.0", { now: tomorrow });
    expect(row).toMatchObject({ newest: { tag: "1.1" }, asked: NOW.toISOString() });
    expect(row.problem).toContain("answers 503");
  });

  it("is asked for alone the next time", async () => {
    for (const app of ["one", "two"]) {
      registry.publish(app, "1.0", { created: daysAgo(90) });
      registry.publish(app, "1.1", { created: daysAgo(80) });
    }
    registry.trouble("/v2/two/", { status: 404 });
    expect((await ask(["one:1.0", "two:1.0"])).exitCode).toBe(1);
    registry.trouble("/v2/two/", undefined);
    const before = registry.requests.length;
    expect((await ask(["one:1.0", "two:1.0"])).exitCode).toBe(2);
    const asked = registry.requests.slice(before).map(({ line }) => line);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((line) => line.includes("/v2/one/"))).toEqual([]);
  });
});

describe("what was learnt", () => {
  it("is asked again after six hours, but never again when a digest was built", async () => {
    registry.publish("app", "1.0", { created: daysAgo(90) });
    registry.publish("app", "1.1", { created: daysAgo(80) });
    await ask(["app:1.0"]);
    const count = (part: string): number =>
      registry.requests.filter(({ line }) => line.includes(part)).length;
    const [lists, blobs] = [count("/tags/list"), count("/blobs/")];
    await ask(["app:1.0"], { now: new Date(NOW.getTime() + 5 * 3_600_000) });
    expect(count("/tags/list")).toBe(lists);
    await ask(["app:1.0"], { now: new Date(NOW.getTime() + 7 * 3_600_000) });
    expect([count("/tags/list"), count("/blobs/")]).toEqual([2 * lists, blobs]);
  });

  it("is asked anew when its file is torn, and the file holds no token", async () => {
    registry.publish("app", "1.0", { created: daysAgo(90) });
    writeFileSync(file, '{"version":1,');
    expect((await ask(["app:1.0"])).exitCode).toBe(0);
    const kept = readFileSync(file, "utf8");
    expect(JSON.parse(kept)).toMatchObject({ version: 1 });
    expect(kept).not.toContain("for-a-while");
  });
});
