import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { HOSTS, type HostName } from "../../../model/host-names.ts";
import type { SecretName } from "../../../model/secrets.ts";
import { entryOf } from "../../../workspace/secrets/plan.ts";
import { hosts, SECRETS } from "../../support/fleet.ts";
import {
  completeProject,
  editYaml,
  projectFolder,
  type StackYaml,
} from "../support/project-folder.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { imitatePulumi, type ImitatedPulumi } from "./imitated-pulumi.ts";

// The command line is loaded anew and starts programs; a busy computer takes its time for that.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let pulumi: ImitatedPulumi;

beforeEach(async () => {
  folder = projectFolder();
  pulumi = imitatePulumi(folder);
  await completeProject(folder);
});

const secrets = (...words: string[]) => runHomelab(["secrets", ...words], pulumi.env);

function stackFiles(): string[] {
  return HOSTS.map((stack) => readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8"));
}

/** Takes secrets away from a stack file, which has a salt all the same. */
function lose(stack: HostName, ...names: SecretName[]): void {
  editYaml<StackYaml & { encryptionsalt: string }>(folder, `Pulumi.${stack}.yaml`, (file) => {
    for (const name of names) delete file.config[`homelab:${name}`];
    file.encryptionsalt = "v1:salt";
  });
}

describe("secrets init for a stack that was deployed", () => {
  it("invents nothing, lists what is missing here, and says where it is, salt or not", async () => {
    pulumi.deployed("docker-vm");
    lose("docker-vm", "restic-password", "authelia-encryption");
    const before = stackFiles();
    const run = await secrets("init", "docker-vm");
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/^error HL-SECRETS-ELSEWHERE: /);
    expect(run.stderr).toMatch(
      /docker-vm: (restic-password, authelia-encryption|authelia-encryption, restic-password)\n/,
    );
    expect(run.stderr).toContain("pulumi config refresh -s docker-vm");
    expect(stackFiles()).toEqual(before);
  });

  it("invents no shared secret for a new stack while a deployed sibling's is not here", async () => {
    pulumi.deployed("docker-vm");
    lose("docker-vm", "restic-password", "grafana-admin-password");
    lose("nas", "restic-password");
    const run = await secrets("init", "nas");
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("docker-vm: restic-password\n");
  });

  it("makes a secret that is newer than the last deployment", async () => {
    lose("nas", "samba-password");
    pulumi.deployed("nas");
    const run = await secrets("init", "nas", "--json");
    expect(run.stderr).not.toContain("error");
    expect(JSON.parse(run.stdout)).toMatchObject({
      written: [{ name: "samba-password", stack: "nas" }],
    });
  });
});

describe("secrets init for a stack that others share secrets with", () => {
  /** What the imitation makes of a value. */
  const encrypted = (value: string) =>
    `v1:${createHash("md5").update(value).digest("hex").slice(0, 8)}`;

  function written(stack: HostName, name: SecretName): string | undefined {
    const text = readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8");
    return new RegExp(`homelab:${name}:\\s+secure: (\\S+)`).exec(text)?.[1];
  }

  it.each([
    ["is encrypted there", true],
    ["was set there without --secret", false],
  ])("gives it the same value where that %s", async (_, secret) => {
    pulumi.has("nas", { "homelab:restic-password": { value: "-as it is", secret } });
    lose("nas");
    pulumi.deployed("nas");
    lose("docker-vm", "restic-password");
    await secrets("init", "docker-vm");
    expect(written("docker-vm", "restic-password")).toBe(encrypted("-as it is"));
  });

  it("gives it the same value where that stack is new to the backend, too", async () => {
    pulumi.has("nas", { "homelab:restic-password": { value: "as it is", secret: true } });
    lose("nas");
    lose("docker-vm", "restic-password");
    await secrets("init");
    expect(written("docker-vm", "restic-password")).toBe(encrypted("as it is"));
  });

  it("makes no stack with a passphrase that does not open the others", async () => {
    lose("nas");
    pulumi.deployed("nas");
    pulumi.losesPassphrase();
    const run = await secrets("init");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("incorrect passphrase");
    expect(pulumi.made()).toEqual([]);
  });
});

describe("secrets rotate", () => {
  const guarded = Object.keys(SECRETS).filter(
    (name) => entryOf(name, hosts).rotation.kind !== "deploy",
  );

  it("guards every secret that data is bound to, and every one that needs a person", () => {
    expect(guarded.toSorted()).toEqual([
      "authelia-encryption",
      "grafana-admin-password",
      "mqtt-homeassistant-password",
      "paperless-admin-password",
      "restic-password",
      "vps-backup-key",
    ]);
  });

  it.each(guarded)("says what a person has to do for %s before anything changes", async (name) => {
    const before = stackFiles();
    const run = await secrets("rotate", name);
    expect(run.exitCode).toBe(2);
    const { rotation, boundTo } = entryOf(name, hosts);
    expect(run.stderr).toMatch(
      boundTo === undefined ? /^error HL-SECRET-BY-HAND: / : /^error HL-SECRET-BOUND: /,
    );
    for (const step of rotation.kind === "by-hand" ? rotation.steps : []) {
      expect(run.stderr).toContain(step);
    }
    expect(stackFiles()).toEqual(before);
  });

  it.each(["restic-password", "vps-backup-key"])(
    "says of %s that the old key has to go, which else opens every copy as before",
    async (name) => {
      const run = await secrets("rotate", name);
      expect(run.stderr).toMatch(/pulumi up[^]*key remove <ID>\. Until then the old value opens/);
    },
  );

  it("repeats the steps when the value was changed on demand", async () => {
    const run = await secrets("rotate", "grafana-admin-password", "--force");
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain("grafana cli admin reset-admin-password");
  });

  it("refuses a shared secret where one stack's is not here, names that one, and changes nothing", async () => {
    lose("nas", "ntfy-token");
    lose("docker-vm", "ntfy-token");
    const before = stackFiles();
    const run = await secrets("rotate", "ntfy-token");
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/^error HL-SECRET-MISSING: .*stack file of nas and docker-vm lacks/);
    expect(stackFiles()).toEqual(before);
  });

  it("changes a shared secret in all stacks", async () => {
    const run = await secrets("rotate", "ntfy-token", "--json");
    expect(JSON.parse(run.stdout)).toMatchObject({ stacks: ["vps", "nas", "docker-vm"] });
    const values = stackFiles().map(
      (text) => /homelab:ntfy-token:\s+secure: (\S+)/.exec(text)?.[1],
    );
    expect(new Set(values).size).toBe(1);
    expect(values).not.toContain("v1:unread");
  });

  it("changes a shared secret in none when one stack does not take it", async () => {
    pulumi.breaks("docker-vm");
    const before = stackFiles();
    const run = await secrets("rotate", "ntfy-token");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("no place");
    expect(stackFiles()).toEqual(before);
  });
});

describe("secrets list", () => {
  it("calls no secret needless that something uses beside its files", async () => {
    const run = await secrets("list", "vps");
    expect(run.stdout).toMatch(/^uptime-kuma-password +present  /m);
    expect(run.stdout).toMatch(/^hcloud-token +present, not needed/m);
  });

  it("says of each who rotates it: a deployment, or a person", async () => {
    const run = await secrets("list", "docker-vm");
    expect(run.stdout).toMatch(/^vaultwarden-admin-token .*  homelab +a deployment  /m);
    expect(run.stdout).toMatch(/^grafana-admin-password .*  homelab +a person  /m);
    expect(run.stdout).toMatch(/^frigate-tapo-user .*  a person +a person  /m);
  });
});
