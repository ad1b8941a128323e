// What travels to the commands of a deployment beside Pulumi, which keeps what a command is given in
// its state, twice, and writes the whole state again after every step (docs/adr/0032).
import { createHash } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { UserError } from "../../model/errors.ts";

/** A script, and what runs it. */
export interface HandedScript {
  /** Shell command on one line, run where Pulumi runs; what it reads is the script. */
  readonly run: string;
  readonly script: string;
}

/** What all such commands are; the file stands in the checkout, where Pulumi runs them. */
export const RUN_SCRIPT = "sh components/core/run-script.sh";

/** Beginning of the names of the folders, one for each running program. */
const RUN = "scripts-";

/** The file as run-script.sh reads it. */
export function fileOf({ run, script }: HandedScript): string {
  return `${run}\n${script}`;
}

/** Names the file: another text, or another way to run it, is another name. */
export function digestOf(script: HandedScript): string {
  return createHash("sha256").update(fileOf(script)).digest("hex");
}

/** Puts a script where run-script.sh finds it until this process ends. */
export function handOver(script: HandedScript): void {
  const folder = openScratch();
  const path = `${folder}/${digestOf(script)}`;
  // Whole or not at all: another program with the same script may be reading it.
  writeFileSync(`${path}.new`, fileOf(script), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/**
 * Folder of this user's for what runs now, as seat.sh names it. Not $XDG_RUNTIME_DIR, which is taken
 * away when the user logs out, and a deployment may go on.
 */
export function scratchFolder(environment: NodeJS.ProcessEnv = process.env): string {
  // An empty one counts as none, as in the shell.
  return `${environment["TMPDIR"] || "/tmp"}/homelab-${process.getuid?.()}`;
}

const made = new Map<string, string>();

/**
 * Answers the folder for the scripts of this process, which is made once and goes with it. What others
 * that were killed have left goes, too.
 * @throws UserError HL-SCRATCH when it is somebody else's, or cannot be made
 */
export function openScratch(environment: NodeJS.ProcessEnv = process.env): string {
  const scratch = scratchFolder(environment);
  const known = made.get(scratch);
  if (known !== undefined) return known;
  const folder = `${scratch}/${RUN}${process.pid}`;
  try {
    mkdirSync(scratch, { mode: 0o700, recursive: true });
    const found = lstatSync(scratch);
    if (!found.isDirectory() || found.uid !== process.getuid?.()) {
      throw new Error("it is not a folder of yours");
    }
    chmodSync(scratch, 0o700);
    removeLeft(scratch);
    mkdirSync(folder, { mode: 0o700, recursive: true });
  } catch (error) {
    throw new UserError(
      "HL-SCRATCH",
      `"${scratch}" cannot hold the scripts of this deployment (${(error as Error).message}); remove it, or give TMPDIR a folder of yours`,
    );
  }
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  made.set(scratch, folder);
  return folder;
}

function removeLeft(scratch: string): void {
  for (const name of readdirSync(scratch)) {
    const process = new RegExp(`^${RUN}(\\d+)$`).exec(name)?.[1];
    if (process === undefined || isAlive(Number(process))) continue;
    rmSync(`${scratch}/${name}`, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
