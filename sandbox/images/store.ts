// A content-addressed store of blobs in the cache folder, laid out as an OCI image layout, so that
// other tools (skopeo, umoci) can read what was built.
import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Duplex, Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

/** A blob of the store. */
export interface Blob {
  /** "sha256:…" of the blob's bytes. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** A compressed layer. */
export interface Layer extends Blob {
  /** "sha256:…" of the uncompressed archive. */
  readonly diffId: string;
  readonly compression: Compression;
}

/** How a layer is packed: zstd unpacks five times faster, gzip needs no program here. */
export type Compression = "gzip" | "zstd";

/** Goes up when what a record holds changes, so that older ones are not read. */
const RECORD_FORM = 2;

/** SHA-256 of a text or of bytes, in hex. */
export function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Where blobs and records of what was built are kept. */
export class Store {
  /** @param folder the store's own folder below the cache; made when missing */
  constructor(readonly folder: string) {}

  /** Makes the folders. */
  async open(): Promise<void> {
    await mkdir(join(this.folder, "blobs", "sha256"), { recursive: true });
    await mkdir(join(this.folder, "records"), { recursive: true });
    await writeAtomically(join(this.folder, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  }

  /** Path of a blob. */
  blobPath(digest: string): string {
    return join(this.folder, "blobs", ...digest.split(":"));
  }

  /** Keeps bytes. */
  async put(data: Buffer): Promise<Blob> {
    const digest = `sha256:${sha256(data)}`;
    if (!(await exists(this.blobPath(digest)))) await writeAtomically(this.blobPath(digest), data);
    return { digest, size: data.length };
  }

  /** Compresses an archive while it is read, and keeps it. */
  async putLayer(archive: Readable, compression: Compression): Promise<Layer> {
    const partial = join(this.folder, `.partial-${process.pid}-${randomUUID()}`);
    const whole = createHash("sha256");
    const packed = createHash("sha256");
    let size = 0;
    await pipeline(
      archive,
      observe((chunk) => whole.update(chunk)),
      compression === "gzip" ? createGzip({ level: 1 }) : zstd(),
      observe((chunk) => {
        packed.update(chunk);
        size += chunk.length;
      }),
      createWriteStream(partial),
    );
    const digest = `sha256:${packed.digest("hex")}`;
    await rename(partial, this.blobPath(digest));
    return { digest, size, diffId: `sha256:${whole.digest("hex")}`, compression };
  }

  /** Reads a blob as a stream. */
  read(digest: string): Readable {
    return createReadStream(this.blobPath(digest));
  }

  /** Removes blobs that are older than `days` and not among `wanted`. */
  async forget(days: number, wanted: ReadonlySet<string>): Promise<void> {
    const folder = join(this.folder, "blobs", "sha256");
    const limit = Date.now() - days * 86_400_000;
    for (const name of await readdir(folder)) {
      if (wanted.has(`sha256:${name}`)) continue;
      const path = join(folder, name);
      if ((await stat(path)).mtimeMs < limit) await rm(path, { force: true });
    }
  }

  /**
   * What was made from the inputs that `key` stands for; made now when there is no record of it.
   * @param kind what it is, part of the record's name
   * @param key content hash of everything that goes into it
   * @param blobs digests that must be in the store for the record to count
   */
  async remember<T>(
    kind: string,
    key: string,
    blobs: (value: T) => string[],
    make: () => Promise<T>,
  ): Promise<T> {
    const path = join(this.folder, "records", `${kind}-${key.slice(0, 24)}.${RECORD_FORM}.json`);
    const known = await readRecord<T>(path);
    if (known !== undefined) {
      const present = await Promise.all(
        blobs(known).map((digest) => exists(this.blobPath(digest))),
      );
      if (present.every(Boolean)) return known;
    }
    const value = await make();
    await writeAtomically(path, JSON.stringify(value));
    return value;
  }
}

/** Writes a file so that a reader sees the old one or the new one, never a part. */
export async function writeAtomically(path: string, data: string | Buffer): Promise<void> {
  const partial = `${path}.partial-${randomUUID()}`;
  await writeFile(partial, data);
  await rename(partial, path);
}

/** A record, or undefined where there is none that can be read: it is made again then. */
async function readRecord<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The program as a stream. More than one thread gives the same bytes, whatever their number. */
function zstd(): Duplex {
  const child = spawn("zstd", ["--compress", "-3", "--threads=0", "--stdout"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const stream = Duplex.from({ writable: child.stdin, readable: child.stdout });
  child.on("error", (error) => stream.destroy(error));
  child.on("close", (code) => {
    if (code !== 0) stream.destroy(new Error(`zstd ended with ${code}`));
  });
  return stream;
}

function observe(look: (chunk: Buffer) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      look(chunk);
      done(null, chunk);
    },
  });
}
