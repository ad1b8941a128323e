// What this checkout changes on a fleet that an earlier commit deployed, and whether one can go back.
// The sandbox has to be up, as this checkout brings it up: its images and secrets are those of this
// checkout, so the earlier commit is one that needs no others (else its own error names them), and its
// packages are taken to be the same.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { HOSTS, type HostName } from "../../model/host-names.ts";
import { containerIds, openLab, projectFolder, up, type Lab } from "../e2e/support/lab.ts";
import { plannedChanges } from "../e2e/support/planned-changes.ts";
import { CHECKOUT } from "../support/rooms.ts";

/** Which one; the commit of a release says more than the one before this. */
const BEFORE = process.env["HOMELAB_COMMIT_BEFORE"] ?? "HEAD~1";

let lab: Lab;
let base: string;
/** Environment in which `pulumi` uses the earlier commit. */
let earlier: Record<string, string>;
/** What CHANGELOG.md says more now than then. */
let said: string;
/** By host: what `preview` names, and the containers as they ran before. */
const changes = new Map<HostName, readonly string[]>();
const ids = new Map<HostName, Record<string, string>>();

const git = async (...args: string[]) => (await execa("git", args, { cwd: CHECKOUT })).stdout;

beforeAll(async () => {
  lab = await openLab();
  base = await mkdtemp(join(tmpdir(), "homelab-commit-before-"));
  say(`${await git("log", "-1", "--format=%h %s", BEFORE)} goes to ${base}`);
  earlier = { PULUMI_OPTION_CWD: await earlierProject(join(base, "checkout")) };
  const diff = await git("diff", "--unified=0", BEFORE, "--", "CHANGELOG.md");
  said = (diff.match(/^\+(?!\+).*$/gm) ?? []).join("\n").toLowerCase();
  say(`CHANGELOG.md says since then:\n${said === "" ? "nothing" : said}`);
});

afterAll(async () => {
  // Also when a test failed half way: others find the fleet as this checkout has it.
  for (const host of HOSTS) await deploy(host, "this checkout");
  await rm(base, { recursive: true, force: true });
  await git("worktree", "prune");
});

/**
 * Puts the earlier commit beside the checkout, and the sandbox's project beside that: the same stacks,
 * state and secrets, with the earlier program.
 * @param program where the commit is put
 * @returns folder of the project
 */
async function earlierProject(program: string): Promise<string> {
  await git("worktree", "add", "--quiet", "--detach", program, BEFORE);
  // No link: what finds a package by its real place would be in this checkout all at once.
  const packages = [join(CHECKOUT, "node_modules"), join(program, "node_modules")];
  const linked = await execa("cp", ["-al", ...packages], { reject: false });
  if (linked.exitCode !== 0) await execa("cp", ["-a", ...packages]);
  const project = join(base, "project");
  await cp(projectFolder(lab), project, { recursive: true });
  const file = join(project, "Pulumi.yaml");
  const made = parse(await readFile(file, "utf8")) as { readonly main: string };
  const main = join(program, basename(made.main));
  await writeFile(file, stringify({ ...made, main }));
  return project;
}

/** Deploys a host, by this checkout or with the environment of another. */
async function deploy(host: HostName, by: string, env: Record<string, string> = {}): Promise<void> {
  say(`pulumi up -s ${host}, by ${by}`);
  const { code, output, seconds } = await up(lab, host, [], env);
  say(`${host} ended with ${code} after ${seconds.toFixed(0)} s`);
  expect(code, output).toBe(0);
}

function say(text: string): void {
  process.stdout.write(`[commit-before] ${text}\n`);
}

/** What is another wherever a service is: nobody names it. */
const FOLLOWS: readonly string[] = ["host-plan"];

/**
 * The service whose resource it is, as a person writes it: "caddy" for "caddy-gate". A resource that
 * is called by an image, as each was before they came in one step, is one of "images".
 */
function subjectOf(resource: string): string {
  if (/\/.*:/.test(resource)) return "images";
  return resource.replace(/-(?:app|files|gate|container|network|volume|service)$/, "");
}

describe("a fleet that an earlier commit deployed", () => {
  it.each(HOSTS)(
    "on %s is previewed with no change that CHANGELOG.md does not name",
    async (host) => {
      await deploy(host, BEFORE, earlier);
      ids.set(host, await containerIds(lab, host));
      const names = await plannedChanges(lab, host);
      say(`${host}: this checkout would change ${names.join(", ") || "nothing"}`);
      changes.set(host, names);
      const unnamed = names.filter((name) => !said.includes(subjectOf(name).toLowerCase()));
      expect(unnamed.filter((name) => !FOLLOWS.includes(name))).toEqual([]);
    },
  );

  it.each(HOSTS)(
    "on %s is brought to this commit and back, and nobody else is replaced",
    async (host) => {
      const before = ids.get(host);
      const named = changes.get(host)?.map(subjectOf);
      if (!before || !named) throw new Error(`${BEFORE} was not deployed on ${host}`);
      await deploy(host, "this checkout");
      await deploy(host, BEFORE, earlier);
      const after = await containerIds(lab, host);
      const replaced = Object.keys(before).filter((name) => after[name] !== before[name]);
      say(`${host}: other containers there and back: ${replaced.join(", ") || "none"}`);
      expect(replaced.filter((name) => !named.includes(name))).toEqual([]);
    },
  );
});
