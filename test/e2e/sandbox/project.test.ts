import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { MACHINES } from "../../../sandbox/addresses.ts";
import { down } from "../../../sandbox/down.ts";
import { projectPaths } from "../../../sandbox/project.ts";
import { derivedSecret } from "../../../sandbox/pulumi-crypter.ts";
import { up } from "../../../sandbox/up.ts";
import { homelabSandbox, own } from "./own-sandbox.ts";

beforeAll(() => up({ settings: own, images: false }));
afterAll(() => down({ settings: own }));

/** Runs a command line in a shell that read the sandbox's exports, far away from the checkout. */
async function inUsersShell(line: string): Promise<string> {
  const { stdout: exports } = await homelabSandbox("env");
  const { stdout } = await execa("bash", ["-c", `${exports}\n${line}`], { cwd: "/" });
  return stdout;
}

describe("plain pulumi in the user's own shell", () => {
  it("finds the three stacks", async () => {
    const stacks = JSON.parse(await inUsersShell("pulumi stack ls --json")) as { name: string }[];
    expect(stacks.map(({ name }) => name).sort()).toEqual([...MACHINES].sort());
  });

  it("reads the secrets that the sandbox encrypted", async () => {
    const passphrase = await readFile(projectPaths(own.folder).passphrase, "utf8");
    for (const stack of ["nas", "docker-vm"]) {
      const value = await inUsersShell(`pulumi config get homelab:restic-password -s ${stack}`);
      // Compared here, so that a failure prints no secret.
      expect(value === derivedSecret(passphrase, "restic-password", 48)).toBe(true);
    }
  });

  it("keeps a value and a secret that the user changed, through the next up", async () => {
    await inUsersShell("pulumi config set homelab:imageLock /mine.json -s vps");
    await inUsersShell("printf changed | pulumi config set --secret homelab:label-key -s vps");
    await up({ settings: own, images: false });
    expect(await inUsersShell("pulumi config get homelab:imageLock -s vps")).toBe("/mine.json");
    expect(await inUsersShell("pulumi config get homelab:label-key -s vps")).toBe("changed");
  });

  it("gets a stack file back that was lost", async () => {
    const file = join(projectPaths(own.folder).project, "Pulumi.vps.yaml");
    await rm(file);
    await up({ settings: own, images: false });
    expect(await readFile(file, "utf8")).toContain("encryptionsalt: v1:");
  });

  it("touches no committed file", async () => {
    const { stdout } = await execa("git", ["status", "--porcelain", "--", "Pulumi*.yaml"]);
    expect(stdout).toBe("");
  });
});
