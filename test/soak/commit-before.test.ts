// What this checkout changes on a fleet that an earlier commit deployed, and whether one can go back.
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
  const program = join(base, "checkout");
  await git("worktree", "add", "--quiet", "--detach", program, BEFORE);
  await symlink(join(CHECKOUT, "node_modules"), join(program, "node_modules"));
  const project = join(base, "project");
  await cp(projectFolder(lab), project, { recursive: true });
  const file = join(project, "Pulumi.yaml");
  const main = `main: ${join(program, "program.mjs")}`;
  await writeFile(file, (await readFile(file, "utf8")).replace(/^main: .*$/m, main));
  earlier = { PULUMI_OPTION_CWD: project };
  const diff = await git("diff", "--unified=0", BEFORE, "--", "CHANGELOG.md");
  said =
    diff
      .match(/^\+(?!\+).*$/gm)
      ?.join("\n")
      .toLowerCase() ?? "";
});

afterAll(async () => {
  for (const host of HOSTS) {
    const { code, output } = await up(lab, host);
    expect(code, output).toBe(0);
  }
  await rm(base, { recursive: true, force: true });
  await git("worktree", "prune");
});

/** The service whose resource it is, as a person writes it: "caddy" for "caddy-gate". */
function subjectOf(resource: string): string {
  return resource.replace(/-(?:app|files|gate|container|network|volume|service)$/, "");
}

describe("a fleet that an earlier commit deployed", () => {
  it.each(HOSTS)(
    "on %s is previewed with no change that CHANGELOG.md does not name",
    async (host) => {
      const { code, output } = await up(lab, host, [], earlier);
      expect(code, output).toBe(0);
      ids.set(host, await containerIds(lab, host));
      const names = await plannedChanges(lab, host);
      changes.set(host, names);
      expect(names.filter((name) => !said.includes(subjectOf(name).toLowerCase()))).toEqual([]);
    },
  );

  it.each(HOSTS)(
    "on %s is brought to this commit and back, and nobody else is replaced",
    async (host) => {
      const forward = await up(lab, host);
      expect(forward.code, forward.output).toBe(0);
      const back = await up(lab, host, [], earlier);
      expect(back.code, back.output).toBe(0);
      const after = await containerIds(lab, host);
      const replaced = Object.entries(ids.get(host) ?? {})
        .filter(([name, id]) => after[name] !== id)
        .map(([name]) => name);
      const named = changes.get(host)?.map(subjectOf) ?? [];
      expect(replaced.filter((name) => !named.includes(name))).toEqual([]);
    },
  );
});
