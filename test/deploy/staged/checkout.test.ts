import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { beforeEach, describe, expect, it } from "vitest";
import { cacheAge, commitOf, updateCheckout } from "../../../deploy/staged/checkout.ts";

let folder: string;
let remote: string;
let here: string;

function git(at: string, ...args: string[]): string {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
  return execFileSync("git", ["-C", at, ...identity, ...args], { encoding: "utf8" }).trim();
}

function commit(at: string, file: string, text: string): string {
  writeFileSync(join(at, file), text);
  git(at, "add", "--all");
  git(at, "commit", "--quiet", "--message", `${file} ${text}`);
  return git(at, "rev-parse", "HEAD");
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "homelab-git-"));
  remote = join(folder, "remote");
  here = join(folder, "here");
  execFileSync("git", ["init", "--quiet", "--initial-branch=main", remote]);
  writeFileSync(join(remote, "Pulumi.nas.yaml"), "config: {}\n");
  commit(remote, "README.md", "one");
  execFileSync("git", ["clone", "--quiet", remote, here]);
});

describe("a checkout that is deployed", () => {
  it("goes forward to what its remote has, with the stack files that are changed here on purpose", async () => {
    const newer = commit(remote, "README.md", "two");
    writeFileSync(join(here, "Pulumi.nas.yaml"), "config: { mine: true }\n");
    const update = await updateCheckout(here);
    expect(update).toMatchObject({ moved: true });
    expect(await commitOf(here)).toBe(newer);
    expect(git(here, "status", "--short")).toBe("M Pulumi.nas.yaml");
    expect(await updateCheckout(here)).toMatchObject({ moved: false });
  });

  it("stays where it is when a file of it is changed", async () => {
    const before = await commitOf(here);
    commit(remote, "README.md", "two");
    writeFileSync(join(here, "README.md"), "mine");
    const { moved, note } = await updateCheckout(here);
    expect(moved).toBe(false);
    expect(note).toContain("1 changed file (README.md");
    expect(await commitOf(here)).toBe(before);
  });

  it("stays where it is when it has a commit that the remote lacks, and keeps it", async () => {
    commit(remote, "README.md", "two");
    const mine = commit(here, "other", "mine");
    const { moved, note } = await updateCheckout(here);
    expect(moved).toBe(false);
    expect(note).toContain("has gone another way than origin/main");
    expect(await commitOf(here)).toBe(mine);
  });

  it("is deployed as it is when the remote is away, which is said with the age of what is here", async () => {
    await updateCheckout(here);
    const hours = Date.now() / 1000 - 5 * 3600;
    utimesSync(join(here, ".git/FETCH_HEAD"), hours, hours);
    rmSync(remote, { recursive: true });
    const { moved, note } = await updateCheckout(here);
    expect(moved).toBe(false);
    expect(note).toContain("origin is away");
    expect(note).toContain("ago");
    expect(await cacheAge(here, Date.now() + 100 * 3_600_000)).toMatch(/^last fetched \d d ago$/);
  });

  it("is not deployed with the packages of an older commit", async () => {
    commit(remote, "package-lock.json", "{}");
    await expect(updateCheckout(here)).rejects.toMatchObject({ code: "HL-DEPLOY-PACKAGES" });
  });

  it("without a branch that follows a remote, or without git, is deployed as it is", async () => {
    git(here, "checkout", "--quiet", "--detach");
    expect((await updateCheckout(here)).note).toContain("no branch that follows a remote");
    const plain = join(folder, "plain");
    execFileSync("mkdir", [plain]);
    expect((await updateCheckout(plain)).note).toContain("no git checkout");
    expect(await commitOf(plain)).toBe("unknown");
  });
});
