// What a run could not bring to its host stays on this computer, and goes there with the next run.
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { HostError, UserError } from "../../model/errors.ts";
import { jsonIn } from "../../model/json-in.ts";
import { writeWhole } from "../../workspace/whole-file.ts";
import { runThere, writeScript, type HostShell } from "./host-files.ts";
import type { Places } from "./places.ts";

const unsentSchema = z.strictObject({
  version: z.literal(1),
  /** Where it belongs on the host. */
  path: z.string(),
  text: z.string(),
});

/** A file of a run whose host could not be written: its path there, and its text. */
export type UnsentFiles = ReadonlyMap<string, string>;

/**
 * Folder of what a host has not got, on this computer (XDG Base Directory Specification,
 * `$XDG_STATE_HOME`). Not below `--root`, which is root's where this computer has it at all.
 * @param domain of the homelab: another one may have a host of the same name
 */
export function unsentFolder(
  domain: string,
  host: string,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const state =
    environment["XDG_STATE_HOME"] || join(environment["HOME"] ?? homedir(), ".local", "state");
  return join(state, "homelab", "unsent", domain, host);
}

/**
 * What of these files tells of a run and belongs to it alone: log, diagnostics and receipt have its
 * time in their names. Markers and state are of the host's last run, which may be another by then.
 */
export function worthKeeping(files: UnsentFiles, { logs, receipts }: Places): UnsentFiles {
  return new Map(
    [...files].filter(([path]) => path.startsWith(`${logs}/`) || path.startsWith(`${receipts}/`)),
  );
}

/**
 * What earlier runs left in a folder for its host; what is no file of ours, or cannot be read, is
 * passed over.
 */
export async function unsentIn(folder: string): Promise<UnsentFiles> {
  const files = new Map<string, string>();
  for (const name of await namesIn(folder)) {
    const text = await readFile(join(folder, name), "utf8").catch(() => "");
    const { success, data } = unsentSchema.safeParse(jsonIn(text));
    if (success) files.set(data.path, data.text);
  }
  return files;
}

/**
 * Brings what earlier runs left to its host, by itself: what that has no room for, or takes too long
 * on the way, must keep no run from its host.
 * @returns what is still not there
 */
export async function bringUnsent(
  files: UnsentFiles,
  {
    host,
    shell,
    again,
  }: { readonly host: string; readonly shell: HostShell; readonly again: string },
): Promise<UnsentFiles> {
  if (files.size === 0) return files;
  try {
    await runThere(host, shell, writeScript(files), { again });
    return new Map();
  } catch (error) {
    if (error instanceof HostError) return files;
    throw error;
  }
}

/**
 * Makes a folder hold these files, and no others of ours.
 * @throws UserError HL-DEPLOY-STATE when it cannot
 */
export async function settleUnsent(folder: string, files: UnsentFiles): Promise<void> {
  const left = new Map([...files].map(([path, text]) => [nameOf(path), { path, text }]));
  const ours = [...(await unsentIn(folder)).keys()].map(nameOf);
  const old = ours.filter((name) => !left.has(name));
  try {
    if (left.size > 0) await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const [name, { path, text }] of left) {
      const kept = JSON.stringify({ version: 1, path, text });
      await writeWhole(join(folder, name), `${kept}\n`, 0o600);
    }
    await Promise.all(old.map((name) => rm(join(folder, name), { force: true })));
  } catch (error) {
    throw new UserError(
      "HL-DEPLOY-STATE",
      `what the host has not got could not be kept in ${folder} either (${String(error)})`,
    );
  }
}

function nameOf(path: string): string {
  return `${path.slice(path.lastIndexOf("/") + 1)}.json`;
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(".json")).sort();
}
