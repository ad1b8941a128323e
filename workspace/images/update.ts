// Another version of an image, where it is declared and in the lock file: both, or neither.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../model/errors.ts";
import { readLock } from "../project.ts";
import type { DeclaredImage } from "./declared-images.ts";
import { dataChange, type DataChange } from "./data-change.ts";
import { declaredPlace, quoted, type SourceLine, type Sources } from "./declared-place.ts";
import { lockText } from "./lock-file.ts";
import { partsOf, type Candidate } from "./look-up.ts";
import type { OutdatedRow } from "./outdated.ts";
import type { RegistryClient } from "./registry.ts";
import { inAllOrNone } from "../secrets/all-or-none.ts";
import { writeWhole } from "../whole-file.ts";

/** What one image is to become. */
export interface ImageUpdate {
  readonly from: string;
  readonly to: string;
  /** By the registry, from its very bytes. */
  readonly digest: string;
  readonly created: string | null;
  readonly services: readonly string[];
  readonly data: DataChange;
  /** Where its releases are described. */
  readonly releases: readonly string[];
  /** Sources that name it; empty where the tag stays and only its bytes are others. */
  readonly files: readonly string[];
  readonly lockFiles: readonly string[];
}

/** Why an image stays as it is. */
export interface NotUpdated {
  readonly image: string;
  readonly services: readonly string[];
  readonly why: string;
  /** Lines that a person changes instead. */
  readonly byHand: readonly SourceLine[];
  /** Whether something newer is there all the same. */
  readonly isNewer: boolean;
}

/**
 * Says what an image is to become: the newest of its major version whose cool-down is over, else the
 * bytes that its tag has now.
 * @param to another tag, which a person chose
 */
export async function plannedUpdate(
  sources: Sources,
  declared: DeclaredImage,
  row: OutdatedRow,
  to: Candidate | undefined,
  registry: RegistryClient,
): Promise<ImageUpdate | NotUpdated> {
  const { image, services, lockFiles, contract } = declared;
  const { repository, tag } = partsOf(image);
  const stays = (
    why: string,
    isNewer: boolean,
    byHand: readonly SourceLine[] = [],
  ): NotUpdated => ({
    image,
    services,
    why,
    byHand,
    isNewer,
  });
  const chosen = to ?? row.due ?? (row.moved?.ready ? row.moved : undefined);
  if (!chosen) {
    if (row.problem !== null) return stays(row.problem, true);
    const waiting = row.withinMajor ?? row.moved ?? row.newest;
    if (waiting === null) return stays("nothing is newer", false);
    const why =
      row.withinMajor === null && row.moved === null
        ? `only another major version is newer; --to ${waiting.tag} goes there`
        : waitText(waiting);
    return stays(why, true);
  }
  if (!chosen.ready) return stays(waitText(chosen), true);
  const next = `${repository}:${chosen.tag}`;
  const place = next === image ? { files: [], byHand: [] } : declaredPlace(sources, image);
  if (next !== image && place.files.length === 0) {
    return stays(
      `no single text in the sources names it; change it to ${chosen.tag} by hand`,
      true,
      place.byHand,
    );
  }
  // It is pinned, so it has to be the digest of its very bytes.
  const answer = await registry.digest(next);
  if ("problem" in answer) return stays(answer.problem, true);
  return {
    from: image,
    to: next,
    digest: answer.digest,
    created: chosen.created,
    services,
    data: dataChange(contract, tag, chosen.tag),
    releases: row.releases,
    files: place.files,
    lockFiles,
  };
}

function waitText({ tag, readyAt }: Candidate): string {
  return readyAt === null
    ? `nobody knows how old ${tag} is, so it waits; --cool-down 0 takes it all the same`
    : `${tag} is in its cool-down until ${readyAt.slice(0, 16)}Z; --cool-down 0 takes it all the same`;
}

/**
 * Writes updates into lock files and sources, all of them or none.
 * @returns the files that were written
 * @throws UserError HL-IMAGE-UPDATE when a source is no longer what it was; HL-LOCK
 */
export async function writeUpdates(
  folder: string,
  updates: readonly ImageUpdate[],
): Promise<string[]> {
  const sources = await sourcesOf(folder, updates);
  const locks = await locksOf(updates);
  // Lock files first: a digest that nobody asks for yet does no harm, whenever this is cut off.
  const texts = new Map([...locks, ...sources]);
  const there = [...texts.keys()].filter((path) => existsSync(path));
  await inAllOrNone(there, async () => {
    for (const [path, text] of texts) await writeWhole(path, text);
  });
  return [...texts.keys()];
}

async function sourcesOf(
  folder: string,
  updates: readonly ImageUpdate[],
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const { from, to, files } of updates) {
    for (const file of files) {
      const path = join(folder, file);
      const parts = (texts.get(path) ?? (await readFile(path, "utf8"))).split(quoted(from));
      if (parts.length !== 2) {
        throw new UserError(
          "HL-IMAGE-UPDATE",
          `"${file}" no longer names ${from} exactly once; nothing was written, repeat the command`,
        );
      }
      texts.set(path, parts.join(quoted(to)));
    }
  }
  return texts;
}

async function locksOf(updates: readonly ImageUpdate[]): Promise<Map<string, string>> {
  const files = [...new Set(updates.flatMap(({ lockFiles }) => lockFiles))];
  const texts = files.map(async (file) => {
    const lock = await readLock(file);
    const learnt = updates.flatMap(({ to, digest, lockFiles }) =>
      lockFiles.includes(file) ? [[to, digest] as const] : [],
    );
    const images = { ...lock.images, ...Object.fromEntries(learnt) };
    return [file, lockText({ ...lock, images })] as const;
  });
  return new Map(await Promise.all(texts));
}
