// What a host keeps on its disk of the services by which it is reached: for each a folder with the
// container as the engine described it, and copies of its files. Each whole, or not there.
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { armedSchema, type Armed } from "../../../model/fallback.ts";
import { FALLBACK, filesFolder, putBackRecord } from "../../../model/paths.ts";
import { jsonIn } from "../../../model/json-in.ts";
import { textOf } from "../text-of.ts";
import type { Inspected } from "./inspected.ts";

/** A container that was well. */
export interface KeptContainer {
  readonly container: Inspected;
  /** Images that may have written its data since. */
  readonly since: readonly string[];
}

/** What is being put back just now, so that it is finished by whoever comes after a crash. */
export interface Acting {
  readonly run: string;
  readonly service: string;
  /** The container that is broken; null where there was none. */
  readonly newer: string | null;
  /** The one that goes back, made already. */
  readonly older: string;
  /** "undo": the engine does not start the older one, so the newer one gets its name back. */
  readonly goes: "back" | "undo";
  /** Why, in words. */
  readonly why: string;
}

/** Where all that lies; another place for tests. */
export interface KeptPlaces {
  readonly folder: string;
  readonly filesOf: (service: string) => string;
  readonly noteOf: (service: string) => string;
}

/** On a host. */
export const KEPT_PLACES: KeptPlaces = {
  folder: FALLBACK,
  filesOf: filesFolder,
  noteOf: putBackRecord,
};

/** Only root reads what a container was made from. */
const PRIVATE = { mode: 0o600 } as const;

/** Reads and writes what is kept. */
export class KeptOnDisk {
  readonly #places: KeptPlaces;

  constructor(places: KeptPlaces = KEPT_PLACES) {
    this.#places = places;
  }

  /** What waits to be confirmed; undefined for nothing, and for what cannot be read. */
  armed(): Armed | undefined {
    return armedSchema.safeParse(jsonIn(textOf(this.#path("armed.json")) ?? "")).data;
  }

  /** What is being put back; undefined for nothing. */
  acting(): Acting | undefined {
    return jsonIn(textOf(this.#path("acting.json")) ?? "") as Acting | undefined;
  }

  /** Notes what is being put back; undefined for nothing any more. */
  act(acting: Acting | undefined): void {
    if (acting === undefined) rmSync(this.#path("acting.json"), { force: true });
    else writeWhole(this.#path("acting.json"), JSON.stringify(acting));
  }

  /** The container that is kept of a service. */
  container(service: string): KeptContainer | undefined {
    const text = textOf(join(this.#path(service), "container.json"));
    return jsonIn(text ?? "") as KeptContainer | undefined;
  }

  /**
   * Keeps a container that is well, and its files, in place of what was kept of it before.
   * @throws Error when it cannot be written, as on a full disk; what was kept before is still there
   */
  keep(service: string, container: Inspected): void {
    const beside = `${this.#path(service)}.new`;
    mkdirSync(this.#places.folder, { recursive: true, mode: 0o700 });
    rmSync(beside, { recursive: true, force: true });
    mkdirSync(beside, { mode: 0o700 });
    try {
      copyFiles(this.#places.filesOf(service), join(beside, "files"));
      const kept: KeptContainer = { container, since: [] };
      writeFileSync(join(beside, "container.json"), JSON.stringify(kept), PRIVATE);
    } catch (error) {
      rmSync(beside, { recursive: true, force: true });
      throw error;
    }
    rmSync(this.#path(service), { recursive: true, force: true });
    renameSync(beside, this.#path(service));
  }

  /** Notes that another image may have written the data of what is kept of a service. */
  wroteSince(service: string, kept: KeptContainer, image: string): KeptContainer {
    const since = [...new Set([...kept.since, image])];
    const next = { ...kept, since };
    writeWhole(join(this.#path(service), "container.json"), JSON.stringify(next));
    return next;
  }

  /** Keeps the files of now beside the older ones, unless that was done before. */
  keepNewerFiles(service: string): void {
    const to = join(this.#path(service), "newer");
    if (existsSync(to)) return;
    rmSync(`${to}.new`, { recursive: true, force: true });
    mkdirSync(`${to}.new`);
    copyFiles(this.#places.filesOf(service), `${to}.new`);
    renameSync(`${to}.new`, to);
  }

  /** Puts a service's files back as they were kept. */
  restoreFiles(service: string, which: "older" | "newer"): void {
    const from = join(this.#path(service), which === "older" ? "files" : "newer");
    copyFiles(from, this.#places.filesOf(service));
  }

  /** Writes down what was done about a service. */
  note(service: string, line: string): void {
    const path = this.#places.noteOf(service);
    mkdirSync(dirname(path), { recursive: true });
    writeWhole(path, `${line}\n`, 0o644);
  }

  /** Says that nothing more is to be done about a service; of the last one nothing is kept any more. */
  settle(service: string): void {
    const armed = this.armed();
    const services = armed?.services.filter(({ name }) => name !== service) ?? [];
    if (armed === undefined || services.length === 0) this.clear();
    else writeWhole(this.#path("armed.json"), JSON.stringify({ ...armed, services }));
  }

  /** Keeps nothing any more. What is armed goes first: without it the rest says nothing. */
  clear(): void {
    rmSync(this.#path("armed.json"), { force: true });
    rmSync(this.#places.folder, { recursive: true, force: true });
  }

  #path(name: string): string {
    return join(this.#places.folder, name);
  }
}

function writeWhole(path: string, text: string, mode: number = PRIVATE.mode): void {
  writeFileSync(`${path}.new`, text, { mode });
  renameSync(`${path}.new`, path);
}

/** Copies files with owner and mode, each to another name first; nothing where there is no folder. */
function copyFiles(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true });
  const { uid, gid, mode } = lstatSync(from);
  chownSync(to, uid, gid);
  chmodSync(to, mode);
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    const facts = lstatSync(source);
    if (facts.isDirectory()) copyFiles(source, target);
    if (!facts.isFile()) continue;
    copyFileSync(source, `${target}.new`);
    chownSync(`${target}.new`, facts.uid, facts.gid);
    chmodSync(`${target}.new`, facts.mode);
    renameSync(`${target}.new`, target);
  }
}
