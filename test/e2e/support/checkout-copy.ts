import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { copyFiles } from "../../support/copied-files.ts";
import { projectFolder, type Lab } from "./lab.ts";

/** A checkout of its own, with history, that deploys to the same sandbox with the same state. */
export interface CheckoutCopy {
  readonly folder: string;
  /** Environment in which `pulumi` uses this copy instead of the checkout under test. */
  readonly env: Record<string, string>;
  /** Replaces a text that stands exactly once in a file. */
  replace(file: string, from: string, to: string): Promise<void>;
  /** Commits everything and answers the commit. */
  commit(message: string): Promise<string>;
  /** Goes to a commit. */
  checkout(commit: string): Promise<void>;
  remove(): Promise<void>;
}

/** Copies the checkout under test as it is, commits it, and points a Pulumi project at the copy. */
export async function copyCheckout(lab: Lab): Promise<CheckoutCopy> {
  const base = await mkdtemp(join(tmpdir(), "homelab-checkout-"));
  const folder = join(base, "checkout");
  const project = join(base, "project");
  copyFiles(lab.settings.checkout, folder);
  await symlink(join(lab.settings.checkout, "node_modules"), join(folder, "node_modules"));
  await copyProject(projectFolder(lab), project, folder);
  const git = (...args: string[]) =>
    execa("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], {
      cwd: folder,
    });
  await git("init", "--quiet");
  const copy: CheckoutCopy = {
    folder,
    env: { PULUMI_OPTION_CWD: project },
    replace: async (file, from, to) => {
      const path = join(folder, file);
      const text = await readFile(path, "utf8");
      if (text.split(from).length !== 2)
        throw new Error(`"${from}" is not exactly once in ${file}`);
      await writeFile(path, text.replace(from, to));
    },
    commit: async (message) => {
      await git("add", "--all");
      await git("commit", "--quiet", "--message", message);
      return (await git("rev-parse", "HEAD")).stdout;
    },
    checkout: async (commit) => void (await git("checkout", "--quiet", commit)),
    remove: () => rm(base, { recursive: true, force: true }),
  };
  await copy.commit("as it is");
  return copy;
}

async function copyProject(from: string, to: string, checkout: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const file of await readdir(from)) await cp(join(from, file), join(to, file));
  const path = join(to, "Pulumi.yaml");
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace(/^main: .*$/m, `main: ${join(checkout, "program.mjs")}`));
}
