import { readdir, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** A file that is written takes no such time from its first byte to its name. */
const WRITTEN_MS = 5000;

/**
 * Takes away what a Pulumi that was killed in the middle of a write, or whose disk was full, left in a
 * state folder. Beside each file it keeps another, `<file>.attrs`, with its type and checksum, which it
 * writes in place (gocloud.dev/blob/fileblob, setAttrs). Killed in that moment it leaves it empty, and
 * every later command ends with "failed to load checkpoint: EOF". Without that file nothing is missing:
 * what has no attributes is read as it is. A lock it writes under another name first, `<lock>.tmp`, and
 * takes every file there for a lock: an empty one ends every later command, `pulumi cancel` alone
 * removes it. So this is safe also while another Pulumi writes: the worst is one that gets no lock.
 * @param backend URL of the backend; any other than a folder has no such files
 * @param folder from which a relative one is meant
 * @returns the files that are gone
 */
export async function removeTornFiles(
  backend: string | undefined,
  folder: string,
): Promise<string[]> {
  const state = stateFolder(backend, folder);
  if (state === undefined) return [];
  const stacks = join(state, ".pulumi", "stacks");
  const locks = join(state, ".pulumi", "locks");
  const files = await Promise.all([
    emptyBelow(stacks, ".attrs"),
    emptyBelow(locks, ".attrs"),
    emptyBelow(locks, ".tmp", WRITTEN_MS),
  ]);
  const torn = files.flat();
  await Promise.all(torn.map((file) => rm(file, { force: true })));
  return torn;
}

/**
 * What is to be done about the disk of a state folder, where Pulumi says that it is full; else empty.
 * @param said what Pulumi said
 */
export function fullStateHint(said: string): string {
  const [, folder] = /(\/[^\n:]*)\/\.pulumi\/[^\n:]*: no space left on device/.exec(said) ?? [];
  if (folder === undefined) return "";
  return `\nThe disk of Pulumi's state is full, and the state is as it was last recorded: make room in ${folder} (\`df -h ${folder}\`), then repeat the command; what was made and not recorded is found and made again.`;
}

/** The folder of a backend that is one: file:///a, file://a, file://~/a, as Pulumi reads them. */
function stateFolder(backend: string | undefined, folder: string): string | undefined {
  if (backend?.startsWith("file://") !== true) return undefined;
  const path = (backend.split("?")[0] ?? "").slice("file://".length);
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
  return path.startsWith("/") ? fileURLToPath(`file://${path}`) : resolve(folder, path);
}

/** Empty files with such an ending, written so many milliseconds ago or more. */
async function emptyBelow(folder: string, ending: string, age = 0): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = names.filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
  const empty = await Promise.all(files.map((file) => isEmpty(file, age)));
  return files.filter((_, index) => empty[index]);
}

/** One that is gone meanwhile was another's to write. */
async function isEmpty(file: string, age: number): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  // A file's time is finer than this clock: one that was written just now may seem to be of later.
  return found?.size === 0 && (age === 0 || Date.now() - found.mtimeMs >= age);
}
