// The programs that images carry: those of the toolchain's `services` group, and the stand-in.
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../hosts/local-command.ts";
import { sha256, type Layer, type Store } from "./store.ts";
import { STAND_IN } from "./stand-in.ts";
import { tarArchive, type TarEntry } from "./tar.ts";
import { Readable } from "node:stream";

const STAND_IN_SOURCE = fileURLToPath(new URL("standin", import.meta.url));

/** The layer with the stand-in program, which every image has. */
export async function standInLayer(store: Store): Promise<Layer> {
  const names = (await readdir(STAND_IN_SOURCE))
    .filter((name) => /^go\.(mod|sum)$|(?<!_test)\.go$/.test(name))
    .sort();
  const sources = await Promise.all(names.map((name) => readFile(join(STAND_IN_SOURCE, name))));
  const key = sha256(
    Buffer.concat(
      sources.map((source, index) => Buffer.from(`${names[index]}\0${sha256(source)}\n`)),
    ),
  );
  return store.remember(
    "stand-in",
    key,
    (layer) => [layer.digest],
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "standin-"));
      try {
        const program = join(folder, "standin");
        await run(
          [
            "go",
            "build",
            "-trimpath",
            "-buildvcs=false",
            "-ldflags",
            "-s -w -buildid=",
            "-o",
            program,
            ".",
          ],
          {
            cwd: STAND_IN_SOURCE,
            env: { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly" },
            timeoutSeconds: 600,
          },
        );
        return await layerOf(store, [await programEntry(program, STAND_IN)]);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  );
}

/** The archive entry of a program at an absolute path of the image. */
export async function programEntry(file: string, path: string): Promise<TarEntry> {
  const content = await readFile(file);
  return { path: path.slice(1), type: "file", mode: 0o755, uid: 0, gid: 0, content };
}

/** What identifies a program of the toolchain without reading it: its folder is keyed by content. */
export async function programKey(file: string): Promise<string> {
  const { size } = await stat(file);
  return `${basename(dirname(dirname(file)))}/${basename(file)}/${size}`;
}

/** Keeps a layer of the given entries. */
export async function layerOf(store: Store, entries: readonly TarEntry[]): Promise<Layer> {
  return store.putLayer(Readable.from([tarArchive(entries)]), "gzip");
}
