// The checkout that is deployed: its commit, and bringing it up to date where that is safe.
import { stat } from "node:fs/promises";
import { run, type RunResult } from "../../hosts/local-command.ts";
import { counted } from "../../model/counted.ts";
import { HostError, UserError } from "../../model/errors.ts";
import { spanText } from "../times.ts";

/** A remote that does not answer within this time is away. */
const FETCH_SECONDS = 30;

/** Files that are changed on purpose and committed by nobody: see ADR 0004. */
const OWN_FILES = /^(Pulumi\.[a-z-]+\.yaml|images\.lock\.json)$/;

/** How bringing a checkout up to date ended. */
export interface Update {
  /** Whether it is at another commit now; what runs was read from the one before. */
  readonly moved: boolean;
  /** In one line, what was done, or why nothing was. */
  readonly note: string;
}

/** The commit of a checkout; "unknown" where there is no git. */
export async function commitOf(folder: string): Promise<string> {
  return (await git(folder, ["rev-parse", "HEAD"])) ?? "unknown";
}

/**
 * Fetches, and goes forward to what the branch's remote has, when nothing here stands against it:
 * no changed file but those of ADR 0004, no commit that the remote lacks. A remote that is away is
 * no error; the note then says how old the copy here is.
 * @throws UserError HL-DEPLOY-PACKAGES when the new commit needs other packages
 */
export async function updateCheckout(folder: string): Promise<Update> {
  const stays = (note: string): Update => ({ moved: false, note });
  const before = await git(folder, ["rev-parse", "HEAD"]);
  if (before === undefined) return stays("no git checkout: it is deployed as it is");
  const upstream = await git(folder, ["rev-parse", "--abbrev-ref", "@{upstream}"]);
  if (upstream === undefined) return stays(`${short(before)}: no branch that follows a remote`);
  const changed = await changedFiles(folder);
  if (changed.length > 0) {
    return stays(
      `${short(before)} with ${counted(changed.length, "changed file")} (${changed[0] ?? ""}): not pulled`,
    );
  }
  const [remote = ""] = upstream.split("/");
  const failure = await failureOf(folder, ["fetch", "--quiet", remote]);
  if (failure !== undefined) {
    return stays(`${short(before)}: ${remote} is away (${failure}); ${await cacheAge(folder)}`);
  }
  if ((await failureOf(folder, ["merge", "--ff-only", "--quiet", "@{upstream}"])) !== undefined) {
    return stays(`${short(before)}: has gone another way than ${upstream}: not pulled`);
  }
  const after = await commitOf(folder);
  if (after === before) return stays(`${short(before)}: up to date with ${upstream}`);
  const packages = await git(folder, [
    "diff",
    "--name-only",
    before,
    after,
    "--",
    "package-lock.json",
  ]);
  if (packages) {
    throw new UserError(
      "HL-DEPLOY-PACKAGES",
      `the checkout went forward from ${short(before)} to ${short(after)}, which needs other packages; run \`npm ci\` in ${folder}, then repeat the command`,
    );
  }
  return { moved: true, note: `${short(before)} -> ${short(after)}, from ${upstream}` };
}

/** In words, how old what is here of the remote is. */
export async function cacheAge(folder: string, now: number = Date.now()): Promise<string> {
  const path = await git(folder, ["rev-parse", "--git-path", "FETCH_HEAD"]);
  const fetched =
    path === undefined ? undefined : await stat(absolute(folder, path)).catch(() => undefined);
  if (fetched === undefined) return "nothing was ever fetched here";
  return `last fetched ${spanText((now - fetched.mtimeMs) / 1000)} ago`;
}

function absolute(folder: string, path: string): string {
  return path.startsWith("/") ? path : `${folder}/${path}`;
}

async function changedFiles(folder: string): Promise<string[]> {
  const status = (await git(folder, ["status", "--porcelain", "-z", "--untracked-files=no"])) ?? "";
  return status
    .split("\0")
    .map((line) => line.slice(3))
    .filter((name) => name !== "" && !OWN_FILES.test(name));
}

/** What git answers; undefined when it cannot. */
async function git(folder: string, args: readonly string[]): Promise<string | undefined> {
  const result = await runGit(folder, args, [0, 1, 128]).catch(nothing);
  return result?.exitCode === 0 ? result.stdout.replace(/\n$/, "") : undefined;
}

/** Why git could not; undefined when it could. */
async function failureOf(folder: string, args: readonly string[]): Promise<string | undefined> {
  try {
    await runGit(folder, args, [0]);
    return undefined;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return error.message.split("\n").at(-1) ?? "";
  }
}

function runGit(
  folder: string,
  args: readonly string[],
  okCodes: readonly number[],
): Promise<RunResult> {
  return run(["git", "-C", folder, ...args], {
    okCodes,
    timeoutSeconds: FETCH_SECONDS,
    // Nobody can answer a question here.
    env: { GIT_TERMINAL_PROMPT: "0" },
  });
}

function nothing(error: unknown): undefined {
  if (!(error instanceof HostError)) throw error;
}

function short(commit: string): string {
  return commit.slice(0, 12);
}
