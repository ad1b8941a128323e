// One image: its own small layer above the shared ones, its configuration and its manifest.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BaseLayer } from "./base.ts";
import { hidden } from "./check-programs.ts";
import { treeParts, type TreeParts } from "./process-tree.ts";
import { inImage, nodePaths, type NodeProgram } from "./node-program.ts";
import { layerOf, programEntry, programKey } from "./programs.ts";
import { sha256, type Blob, type Layer, type Store } from "./store.ts";
import type { TarEntry } from "./tar.ts";
import type { PathEntry } from "./path-entry.ts";
import type { Account, ImageEntry } from "./types.ts";

const FILES = fileURLToPath(new URL("files", import.meta.url));
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** An image as it lies in the store. */
export interface BuiltImage {
  readonly reference: string;
  /** Digest of its manifest, which is what a container is pinned to. */
  readonly manifest: Blob;
  readonly configuration: Blob;
  /** Lowest first; the first two are the same for all images. */
  readonly layers: readonly Layer[];
}

/** What all images share. */
export interface Shared {
  readonly base: BaseLayer;
  readonly standIn: Layer;
  /** Folder of the toolchain's programs. */
  readonly programs: string;
  /** What images that run Node.js carry. */
  readonly node: NodeProgram;
}

/** Builds one image from its entry. */
export async function buildImage(
  store: Store,
  entry: ImageEntry,
  shared: Shared,
): Promise<BuiltImage> {
  const own = await ownLayer(store, entry, shared);
  const layers = [shared.base.layer, shared.standIn, own];
  const configuration = await store.put(json(configurationOf(entry, layers)));
  const manifest = await store.put(
    json({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: { mediaType: "application/vnd.oci.image.config.v1+json", ...configuration },
      layers: layers.map(({ digest, size, compression }) => ({
        mediaType: `application/vnd.oci.image.layer.v1.tar+${compression}`,
        digest,
        size,
      })),
    }),
  );
  return { reference: entry.reference, manifest, configuration, layers };
}

/** The runtime configuration; the health check is the stack's to declare, so there is none. */
function configurationOf(entry: ImageEntry, layers: readonly Layer[]): unknown {
  const started = entry.tree === undefined ? entry : { ...entry, ...treeOf(entry) };
  const env = Object.entries({ PATH, ...entry.env }).map(([name, value]) => `${name}=${value}`);
  const ports = entry.ports.map((port) => (port.includes("/") ? port : `${port}/tcp`));
  return {
    architecture: "amd64",
    os: "linux",
    config: {
      User: entry.user,
      Env: env,
      ...(started.entrypoint === undefined ? {} : { Entrypoint: started.entrypoint }),
      ...(started.command === undefined ? {} : { Cmd: started.command }),
      ...(entry.workingFolder === undefined ? {} : { WorkingDir: entry.workingFolder }),
      ...(entry.stopSignal === undefined ? {} : { StopSignal: entry.stopSignal }),
      ...(ports.length === 0
        ? {}
        : { ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])) }),
      ...(entry.volumes.length === 0
        ? {}
        : { Volumes: Object.fromEntries(entry.volumes.map((path) => [path, {}])) }),
      Labels: {
        "org.opencontainers.image.title": entry.program,
        "org.opencontainers.image.description": `${entry.kind}: ${entry.limits}`,
      },
    },
    rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.diffId) },
  };
}

function treeOf({ tree, standIn }: ImageEntry): TreeParts | undefined {
  return tree && treeParts(tree, standIn?.secrets);
}

async function ownLayer(store: Store, entry: ImageEntry, shared: Shared): Promise<Layer> {
  const paths: PathEntry[] = [...(entry.paths ?? []), ...(treeOf(entry)?.paths ?? [])];
  if (entry.has !== undefined) paths.push(...hidden(entry.has));
  if (entry.standIn !== undefined) {
    const name = entry.reference.slice(entry.reference.lastIndexOf("/") + 1).split(":")[0];
    const manifest = { name, reference: entry.reference, ...entry.standIn };
    const text = `${JSON.stringify(manifest, undefined, 1)}\n`;
    paths.push({ kind: "file", path: "/etc/standin.json", content: { text } });
  }
  if (entry.node) paths.push(...nodePaths(shared.node));
  if (entry.accounts !== undefined) paths.push(...accountFiles(shared.base, entry.accounts));
  const node = entry.node ? shared.node.files : [];
  const built = [
    ...(entry.programs ?? []).map(({ name, path }) => ({
      file: join(shared.programs, name),
      path,
    })),
    ...node.map((file) => ({ file, path: inImage(file) })),
  ];
  const entries = await Promise.all(paths.map(tarEntry));
  const key = sha256(
    JSON.stringify([
      entries.map(({ content, ...rest }) => ({
        ...rest,
        content: content === undefined ? "" : sha256(content),
      })),
      await Promise.all(built.map(async ({ file, path }) => [await programKey(file), path])),
    ]),
  );
  return store.remember(
    "layer",
    key,
    (made: Layer) => [made.digest],
    async () => {
      const programs = await Promise.all(built.map(({ file, path }) => programEntry(file, path)));
      return layerOf(store, [...entries, ...programs]);
    },
  );
}

/** Folders that are links in the base: an entry below one would hide the whole folder. */
const LINKED = /^\/(bin|sbin|lib|lib64|lib32|libx32|var\/run|var\/lock)(\/|$)/;

async function tarEntry(entry: PathEntry): Promise<TarEntry> {
  if (!entry.path.startsWith("/") || LINKED.test(entry.path)) {
    throw new Error(
      `an image cannot have "${entry.path}": give the absolute path that no link leads to`,
    );
  }
  const path = entry.path.slice(1);
  if (entry.kind === "link")
    return { path, type: "link", mode: 0o777, uid: 0, gid: 0, target: entry.target };
  const owner = { uid: entry.uid ?? 0, gid: entry.gid ?? 0 };
  if (entry.kind === "folder") return { path, type: "folder", mode: entry.mode ?? 0o755, ...owner };
  const content =
    "text" in entry.content
      ? Buffer.from(entry.content.text)
      : await readFile(join(FILES, entry.content.from));
  return { path, type: "file", mode: entry.mode ?? 0o644, ...owner, content };
}

/** The base's user and group tables with the image's own lines in place of those of the same name. */
export function accountFiles(
  base: Pick<BaseLayer, "tables">,
  accounts: readonly Account[],
): PathEntry[] {
  const names = new Set(accounts.map((account) => account.name));
  const others = (table: string): string[] =>
    table.split("\n").filter((line) => line !== "" && !names.has(line.split(":")[0] ?? ""));
  const users = accounts.map(
    ({ name, uid, gid, home }) =>
      `${name}:x:${uid}:${gid}:${name}:${home ?? "/"}:/usr/sbin/nologin`,
  );
  // A group of the base may own the number; another name for it is allowed.
  const groups = accounts.map(({ name, gid }) => `${name}:x:${gid}:`);
  return [
    {
      kind: "file",
      path: "/etc/passwd",
      content: { text: `${[...others(base.tables.passwd), ...users].join("\n")}\n` },
    },
    {
      kind: "file",
      path: "/etc/group",
      content: { text: `${[...others(base.tables.group), ...groups].join("\n")}\n` },
    },
  ];
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
