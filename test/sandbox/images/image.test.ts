import { mkdtemp, readFile, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accountFiles, buildImage, type Shared } from "../../../sandbox/images/image.ts";
import { imageLock } from "../../../sandbox/images/lock.ts";
import { IMAGES } from "../../../sandbox/images/manifest.ts";
import { Store, type Layer } from "../../../sandbox/images/store.ts";
import type { ImageEntry } from "../../../sandbox/images/types.ts";

const tables = {
  passwd: "root:x:0:0::/root:/bin/sh\nredis:x:101:102::/:/bin/false\n",
  group: "root:x:0:\n",
};
const layer = (letter: string): Layer => ({
  digest: `sha256:${letter.repeat(64)}`,
  diffId: `sha256:${letter.repeat(64)}`,
  size: 10,
  compression: "gzip",
});
let folder: string;
let programs: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "images-"));
  programs = await programsFolder("services-0123");
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function shared(): Shared {
  const node = { version: "v0.0.0", loader: join(programs, "ld.so"), files: [] };
  return { base: { layer: layer("a"), tables, packages: [] }, standIn: layer("b"), programs, node };
}

/** A folder as the toolchain makes it, with a text in place of each program. */
async function programsFolder(key: string): Promise<string> {
  const bin = join(folder, key, "bin");
  await mkdir(bin, { recursive: true });
  const names = IMAGES.flatMap((image) => (image.programs ?? []).map((program) => program.name));
  await Promise.all(names.map((name) => writeFile(join(bin, name), `${name} of ${key}`)));
  return bin;
}

async function freshStore(name: string): Promise<Store> {
  const store = new Store(join(folder, name));
  await store.open();
  return store;
}

async function lockOf(store: Store): Promise<Record<string, string>> {
  const images = await Promise.all(IMAGES.map((entry) => buildImage(store, entry, shared())));
  return { ...imageLock({ images }).images };
}

function entryOf(part: string): ImageEntry {
  const found = IMAGES.find((image) => image.reference.includes(part));
  if (found === undefined) throw new Error(part);
  return found;
}

describe("building an image", () => {
  it("gives the same digests in two stores, for every image", async () => {
    expect(await lockOf(await freshStore("one"))).toEqual(await lockOf(await freshStore("two")));
  });

  it("gives another digest when anything of the image changes", async () => {
    const store = await freshStore("changed");
    const entry = entryOf("library/redis");
    const digests = await Promise.all(
      [entry, { ...entry, user: "5" }, { ...entry, env: { A: "b" } }, { ...entry, paths: [] }].map(
        async (variant) => (await buildImage(store, variant, shared())).manifest.digest,
      ),
    );
    expect(new Set(digests).size).toBe(digests.length);
  });

  it("stands on the same two layers for every image, and adds one", async () => {
    const store = await freshStore("layers");
    const built = await Promise.all(IMAGES.map((entry) => buildImage(store, entry, shared())));
    expect(built.every((image) => image.layers.length === 3)).toBe(true);
    expect(
      new Set(built.flatMap((image) => image.layers.slice(0, 2).map((made) => made.digest))).size,
    ).toBe(2);
  });

  it("declares no health check, and volumes and ports as the original does", async () => {
    const store = await freshStore("configuration");
    const built = await buildImage(store, entryOf("eclipse-mosquitto"), shared());
    const configuration = JSON.parse(
      await readFile(store.blobPath(built.configuration.digest), "utf8"),
    ) as { readonly config: object };
    expect(configuration.config).toMatchObject({
      Entrypoint: ["/docker-entrypoint.sh"],
      Volumes: { "/mosquitto/data": {}, "/mosquitto/log": {} },
      ExposedPorts: { "1883/tcp": {} },
    });
    expect(configuration.config).not.toHaveProperty("Healthcheck");
  });

  it("carries the toolchain's programs, and is another image when those are others", async () => {
    const store = await freshStore("programs");
    const entry = entryOf("library/caddy:2.8.4-alpine");
    const other = await programsFolder("services-4567");
    const digests = [shared(), { ...shared(), programs: other }].map(
      async (with_) => (await buildImage(store, entry, with_)).manifest.digest,
    );
    expect(new Set(await Promise.all(digests)).size).toBe(2);
  });

  it("hides the programs that its original does not have, and no others", async () => {
    const store = await freshStore("hidden");
    const built = await buildImage(store, entryOf("changedetection.io"), shared());
    const own = built.layers[2];
    const names = gunzipSync(await readFile(store.blobPath(own?.digest ?? "")))
      .toString("latin1")
      .match(/usr\/bin\/\.wh\.[a-z0-9.]+/g);
    expect(names).toEqual(
      ["curl", "dig", "drill", "nc", "nc.openbsd", "wget"].map((name) => `usr/bin/.wh.${name}`),
    );
  });

  it("refuses a path below a folder that is a link in the base", async () => {
    const store = await freshStore("refused");
    const entry: ImageEntry = {
      ...entryOf("library/redis"),
      paths: [{ kind: "folder", path: "/bin/x" }],
    };
    await expect(buildImage(store, entry, shared())).rejects.toThrow(
      'an image cannot have "/bin/x"',
    );
  });

  it("replaces the base's user of the same name", () => {
    const [passwd] = accountFiles({ tables }, [{ name: "redis", uid: 999, gid: 1000 }]);
    expect(passwd).toMatchObject({
      path: "/etc/passwd",
      content: { text: "root:x:0:0::/root:/bin/sh\nredis:x:999:1000:redis:/:/usr/sbin/nologin\n" },
    });
  });
});
