import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DataRule, ImageContract } from "../../../model/image-contract.ts";
import { dataChange } from "../../../workspace/images/data-change.ts";
import { readSources } from "../../../workspace/images/declared-place.ts";
import type { Candidate } from "../../../workspace/images/look-up.ts";
import type { OutdatedRow } from "../../../workspace/images/outdated.ts";
import { registryClient } from "../../../workspace/images/registry.ts";
import {
  plannedUpdate,
  writeUpdates,
  type ImageUpdate,
  type NotUpdated,
} from "../../../workspace/images/update.ts";
import { imageContract } from "../../support/fleet.ts";
import { imitateImages, type FilledRegistry } from "./imitated-images.ts";

const CONTRACT = "components/app/app.image.ts";
const ENTRY = "sandbox/images/entries/home.ts";
const OLD = `sha256:${"0".repeat(64)}`;

let registry: FilledRegistry;
let folder: string;
let image: string;

beforeEach(async () => {
  registry = await imitateImages();
  folder = mkdtempSync(join(tmpdir(), "checkout-"));
  image = `${registry.name}/app:1.0.0`;
  for (const place of ["components/app", "sandbox/images/entries"]) {
    mkdirSync(join(folder, place), { recursive: true });
  }
  writeFileSync(join(folder, CONTRACT), `export const A = {\n  reference: "${image}",\n};\n`);
  writeFileSync(join(folder, ENTRY), `  { reference: "${image}" },\n`);
  writeFileSync(
    lockFile(),
    JSON.stringify({ version: 1, images: { [image]: OLD, "b.c/d:1": OLD } }),
  );
});

afterEach(() => registry.close());

const lockFile = (): string => join(folder, "images.lock.json");
const text = (file: string): string => readFileSync(join(folder, file), "utf8");

const ready = (tag: string): Candidate => ({
  tag,
  created: "2026-01-01T00:00:00.000Z",
  ready: true,
  readyAt: "2026-01-08T00:00:00.000Z",
});

/** What `outdated` says of the image. */
function rowOf(changes: Partial<OutdatedRow>): OutdatedRow {
  return {
    image,
    services: ["app"],
    withinMajor: null,
    newest: null,
    due: null,
    moved: null,
    staysInMajor: false,
    releases: [],
    asked: null,
    problem: null,
    ...changes,
  };
}

async function plan(
  changes: Partial<OutdatedRow>,
  to?: Candidate,
): Promise<ImageUpdate | NotUpdated> {
  const client = registryClient({
    basicFor: () => Promise.resolve(undefined),
    keptBy: () => undefined,
  });
  const declared = {
    image,
    services: ["app"],
    lockFiles: [lockFile()],
    locked: [OLD],
    contract: undefined,
  };
  return await plannedUpdate(await readSources(folder), declared, rowOf(changes), to, client);
}

async function planned(changes: Partial<OutdatedRow>, to?: Candidate): Promise<ImageUpdate> {
  const update = await plan(changes, to);
  if ("why" in update) throw new Error(update.why);
  return update;
}

describe("another version of an image", () => {
  it("is written where it is declared, where the sandbox imitates it, and into the lock", async () => {
    const digest = registry.publish("app", "1.1.0", { created: null });
    const update = await planned({ due: ready("1.1.0"), withinMajor: ready("1.1.0") });
    expect(update).toMatchObject({ from: image, to: `${registry.name}/app:1.1.0`, digest });
    expect(text(CONTRACT)).toContain(":1.0.0");
    await writeUpdates(folder, [update]);
    expect(text(CONTRACT)).toBe(`export const A = {\n  reference: "${update.to}",\n};\n`);
    expect(text(ENTRY)).toBe(`  { reference: "${update.to}" },\n`);
    expect(JSON.parse(readFileSync(lockFile(), "utf8"))).toEqual({
      version: 1,
      images: { [image]: OLD, [update.to]: digest, "b.c/d:1": OLD },
    });
  });

  it("is the older one that is old enough, and none that waits", async () => {
    registry.publish("app", "1.1.0", { created: null });
    const waiting = { ...ready("1.2.0"), ready: false };
    const both = { due: ready("1.1.0"), withinMajor: waiting, newest: waiting };
    expect((await planned(both)).to).toMatch(/:1\.1\.0$/);
    expect(await plan({ withinMajor: waiting, newest: waiting })).toMatchObject({
      isNewer: true,
      why: expect.stringMatching(/1\.2\.0 is in its cool-down until .*--cool-down 0/) as string,
    });
    const unknown = { ...waiting, created: null, readyAt: null };
    expect(await plan({}, unknown)).toMatchObject({
      why: expect.stringContaining("nobody knows how old 1.2.0 is") as string,
    });
  });

  it("is no other major version, unless a person names it", async () => {
    registry.publish("app", "2.0.0", { created: null });
    expect(await plan({ newest: ready("2.0.0") })).toMatchObject({
      why: expect.stringContaining("--to 2.0.0") as string,
    });
    expect((await planned({ newest: ready("2.0.0") }, ready("2.0.0"))).to).toMatch(/:2\.0\.0$/);
  });

  it("is other bytes under the same tag, in the lock alone", async () => {
    const digest = registry.publish("app", "1.0.0", { created: null });
    const update = await planned({ moved: { ...ready("1.0.0"), digest } });
    const before = text(CONTRACT);
    expect(await writeUpdates(folder, [update])).toEqual([lockFile()]);
    expect(text(CONTRACT)).toBe(before);
    const lock = JSON.parse(readFileSync(lockFile(), "utf8")) as { images: object };
    expect(lock.images).toHaveProperty([image], digest);
  });

  it("is a person's to write where no single text names the image", async () => {
    writeFileSync(join(folder, CONTRACT), `["${image}", "${image}"]\n`);
    expect(await plan({ due: ready("1.1.0") })).toMatchObject({
      byHand: [
        { file: CONTRACT, line: 1 },
        { file: ENTRY, line: 1 },
      ],
    });
  });

  it("is not declared without its digest", async () => {
    registry.publish("app", "1.0.0", { created: null });
    expect(await plan({ due: ready("1.1.0") })).toMatchObject({
      why: expect.stringContaining("has no app:1.1.0 (404)") as string,
    });
  });
});

describe("an update that cannot be written whole", () => {
  it("is not written at all when a source has changed meanwhile", async () => {
    registry.publish("app", "1.1.0", { created: null });
    const update = await planned({ due: ready("1.1.0") });
    const lock = readFileSync(lockFile(), "utf8");
    writeFileSync(join(folder, ENTRY), "nothing\n");
    await expect(writeUpdates(folder, [update])).rejects.toMatchObject({ code: "HL-IMAGE-UPDATE" });
    expect([text(CONTRACT).includes(image), readFileSync(lockFile(), "utf8")]).toEqual([
      true,
      lock,
    ]);
  });

  it("leaves lock file and sources as they were when the last file cannot be written", async () => {
    registry.publish("app", "1.1.0", { created: null });
    const update = await planned({ due: ready("1.1.0") });
    const before = [text(CONTRACT), text(ENTRY), readFileSync(lockFile(), "utf8")];
    // What is written first stands where a folder is.
    mkdirSync(join(folder, `${ENTRY}.new`));
    await expect(writeUpdates(folder, [update])).rejects.toThrow();
    rmSync(join(folder, `${ENTRY}.new`), { recursive: true, force: true });
    expect([text(CONTRACT), text(ENTRY), readFileSync(lockFile(), "utf8")]).toEqual(before);
    expect(readdirSync(join(folder, "components/app"))).toEqual(["app.image.ts"]);
  });
});

describe("what another version means for the data", () => {
  const rule = (olderOpens: DataRule["olderOpens"], newerOpens = true): ImageContract => {
    const contract = imageContract("docker.io/library/postgres:17-alpine");
    if (!contract) throw new Error("no contract");
    return { ...contract, data: { value: { olderOpens, newerOpens }, source: "a page" } };
  };

  it.each([
    ["always", "1.0", "2.0", "none"],
    ["same-major", "17-alpine", "17.5-alpine", "none"],
    ["same-major", "v1.2", "v2.0", "one-way"],
    ["same-minor", "2026.2.3", "2026.2.4", "none"],
    ["same-minor", "2026.2.3", "2026.3.0", "one-way"],
    ["never", "v2.6.1", "v2.6.2", "one-way"],
    ["never", "v2.6.2", "v2.6.1", "back"],
    ["never", "v2.6.2", "v2.6.2", "none"],
  ] as const)("by a rule of %s, from %s to %s, is %s", (olderOpens, from, to, change) => {
    expect(dataChange(rule(olderOpens), from, to)).toBe(change);
  });

  it("is closed where a newer version does not bring data forward", () => {
    expect(dataChange(rule("same-major", false), "17-alpine", "18-alpine")).toBe("closed");
    expect(dataChange(rule("same-major", false), "17-alpine", "17-alpine")).toBe("none");
  });

  it("is one way where nobody has read it, and nothing where no data is kept", () => {
    const unread = { ...rule("never"), data: { unread: "nobody looked" } };
    expect(dataChange(unread, "1.0", "1.1")).toBe("one-way");
    const { data, ...without } = unread;
    expect(data).toBeDefined();
    expect(dataChange(without, "1.0", "2.0")).toBe("none");
  });
});
