// Everything that a deployment of a host is made from, as one digest: while it is the same, and
// nobody else deployed, and the host is as declared, there is nothing to do.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../hosts/local-command.ts";
import { HostError } from "../../model/errors.ts";
import { HOSTS, type HostName } from "../../model/host-names.ts";
import { lockPathOf, type Project } from "../../workspace/project.ts";
import { stackOutputs, stackUpdates } from "../../workspace/pulumi.ts";

/** What a deployment was made from. */
export interface Inputs {
  /** Of program, packages, stack file, image lock, and what the other stacks hand out. */
  readonly digest: string;
  /** When Pulumi last changed the stack, whoever ran it. */
  readonly updated: string;
}

/**
 * What a deployment would be made from now; undefined where that cannot be told: without git, for
 * a stack that was never deployed, or when Pulumi cannot say. Who deploys then hears why from it.
 */
export async function inputsOf(project: Project, host: HostName): Promise<Inputs | undefined> {
  try {
    return await readInputs(project, host);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return undefined;
  }
}

async function readInputs(project: Project, host: HostName): Promise<Inputs | undefined> {
  const program = await programDigest(project.programFolder);
  if (program === undefined) return undefined;
  const updates = await stackUpdates(project);
  const updated = updates.get(host);
  if (updated === undefined) return undefined;
  const others = HOSTS.filter((other) => other !== host && updates.has(other));
  const outputs = await Promise.all(others.map((other) => stackOutputs(project, other)));
  const files = [
    join(project.folder, "Pulumi.yaml"),
    project.stacks[host].path,
    lockPathOf(project, host),
    join(project.programFolder, "node_modules/.package-lock.json"),
  ];
  const texts = await Promise.all(files.map(textOf));
  const hash = createHash("sha256");
  for (const part of [program, ...texts, ...outputs]) hash.update(`${part.length} ${part}\n`);
  return { digest: hash.digest("hex"), updated };
}

/** Digest of every file that git knows or could take in, as it is on disk; undefined without git. */
export async function programDigest(folder: string): Promise<string | undefined> {
  const tree = await git(folder, ["rev-parse", "HEAD^{tree}"]);
  const changed = await git(folder, ["status", "--porcelain", "-z", "--untracked-files=all"]);
  if (tree === undefined || changed === undefined) return undefined;
  const root = (await git(folder, ["rev-parse", "--show-toplevel"]))?.trim() ?? folder;
  const hash = createHash("sha256").update(tree);
  for (const entry of changed.split("\0").filter((one) => one !== "")) {
    // The old name of a file that was renamed stands alone, and is no file any more.
    const name = /^.. /.test(entry) ? entry.slice(3) : entry;
    hash.update(`${entry}\0${await textOf(join(root, name))}\0`);
  }
  return hash.digest("hex");
}

async function git(folder: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await run(["git", "-C", folder, ...args])).stdout;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return undefined;
  }
}

/** One that is not there is as good as an empty one: it comes with a name. */
async function textOf(path: string): Promise<string> {
  return await readFile(path, "latin1").catch(() => "");
}
