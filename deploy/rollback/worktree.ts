// An earlier commit of the checkout in a folder of its own, with its packages. Asks no network.
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastLine } from "../../hosts/last-line.ts";
import { run } from "../../hosts/local-command.ts";
import { HostError, UserError } from "../../model/errors.ts";

/** Time for npm to put packages there that it has. */
const PACKAGES_SECONDS = 600;

/** An earlier commit on disk. */
export interface Worktree {
  /** A folder of this run alone. */
  readonly base: string;
  /** Folder of the program at that commit. */
  readonly program: string;
  readonly remove: () => Promise<void>;
}

/**
 * Puts a commit beside the checkout.
 * @param folder of the program in the checkout
 * @throws UserError HL-ROLLBACK when the commit or its packages are not on this computer
 */
export async function openWorktree(folder: string, commit: string): Promise<Worktree> {
  const git = (...args: string[]) => run(["git", "-C", folder, ...args]);
  const base = await mkdtemp(join(tmpdir(), "homelab-rollback-"));
  const tree = join(base, "checkout");
  const remove = async (): Promise<void> => {
    await rm(base, { recursive: true, force: true });
    await git("worktree", "prune").catch(() => undefined);
  };
  try {
    const prefix = (await git("rev-parse", "--show-prefix")).stdout.trim();
    await git("worktree", "add", "--detach", tree, commit);
    const program = join(tree, prefix);
    await providePackages(folder, program, commit);
    return { base, program, remove };
  } catch (error) {
    await remove();
    if (!(error instanceof HostError)) throw error;
    throw new UserError(
      "HL-ROLLBACK",
      `commit ${commit.slice(0, 12)} could not be put beside the checkout (${lastLine(error.message)}); if it is not there, \`git -C ${folder} fetch\` brings it`,
    );
  }
}

/** The checkout's own packages where they are the same, else what npm has. */
async function providePackages(folder: string, program: string, commit: string): Promise<void> {
  // Somebody may keep them in git.
  if (existsSync(join(program, "node_modules"))) return;
  const same = await run(
    ["git", "-C", folder, "diff", "--quiet", commit, "--", "package-lock.json"],
    {
      okCodes: [0, 1],
    },
  );
  if (same.exitCode === 0 && existsSync(join(folder, "node_modules"))) {
    await symlink(join(folder, "node_modules"), join(program, "node_modules"));
    return;
  }
  if (!existsSync(join(program, "package-lock.json"))) return;
  try {
    await run(["npm", "ci", "--offline", "--no-audit", "--no-fund"], {
      cwd: program,
      timeoutSeconds: PACKAGES_SECONDS,
    });
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new UserError(
      "HL-ROLLBACK",
      `commit ${commit.slice(0, 12)} needs other packages than the checkout, and npm has not kept them all; with a network, \`git worktree add /tmp/packages ${commit} && npm ci --prefix /tmp/packages\` fetches them. Then repeat the command`,
    );
  }
}
