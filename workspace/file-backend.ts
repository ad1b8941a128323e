import { readdir, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Takes away what a Pulumi that was killed in the middle of a write left in a state folder. Beside
 * each file it keeps another, `<file>.attrs`, with its type and checksum, which it writes in place
 * (gocloud.dev/blob/fileblob, setAttrs). Killed in that moment it leaves it empty, and every later
 * command ends with "failed to load checkpoint: EOF". Without that file nothing is missing: what
 * has no attributes is read as it is. So this is safe also while another Pulumi writes.
 * @param backend URL of the backend; any other than a folder has no such files
 * @param folder from which a relative one is meant
 * @returns the files that are gone
 */
export async function removeTornAttributes(
  backend: string | undefined,
  folder: string,
): Promise<string[]> {
  const state = stateFolder(backend, folder);
  if (state === undefined) return [];
  const names = ["stacks", "locks"].map((name) => attributesBelow(join(state, ".pulumi", name)));
  const files = (await Promise.all(names)).flat();
  const torn = await Promise.all(files.map(async (file) => ((await isEmpty(file)) ? [file] : [])));
  await Promise.all(torn.flat().map((file) => rm(file, { force: true })));
  return torn.flat();
}

/** The folder of a backend that is one: file:///a, file://a, file://~/a, as Pulumi reads them. */
function stateFolder(backend: string | undefined, folder: string): string | undefined {
  if (backend?.startsWith("file://") !== true) return undefined;
  const path = (backend.split("?")[0] ?? "").slice("file://".length);
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
  return path.startsWith("/") ? fileURLToPath(`file://${path}`) : resolve(folder, path);
}

async function attributesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith(".attrs")).map((name) => join(folder, name));
}

/** One that is gone meanwhile was another's to write. */
async function isEmpty(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.size === 0;
}
