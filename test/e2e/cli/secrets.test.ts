import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { secretsOf } from "../../../model/host-secrets.ts";
import type { SecretName } from "../../../model/secrets.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import { SECRETS } from "../../support/fleet.ts";
import { site } from "../../support/site.ts";
import { projectFolder } from "../../cli/support/project-folder.ts";
import { runHomelab, type HomelabRun } from "../../cli/support/run-homelab.ts";
import { openLab } from "../support/lab.ts";

/** A homelab on a computer of its own: a folder for the project, one for the state. */
interface Computer {
  readonly folder: string;
  readonly env: Record<string, string>;
}

/** As the committed settings have it: the household's own app is off. */
const declared = declareFleet({ ...site, javya: undefined });

let path: string;

beforeAll(async () => {
  path = (await openLab()).env["PATH"] ?? "";
});

/** @param state of the backend, to share it with another computer */
function computer(state?: string): Computer {
  const folder = projectFolder();
  const home = join(folder, "pulumi-home");
  const backend = state ?? join(folder, "state");
  for (const made of [home, backend]) mkdirSync(made, { recursive: true });
  writeFileSync(join(folder, "passphrase"), "a passphrase for tests");
  return {
    folder,
    env: {
      PATH: path,
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase"),
      PULUMI_OPTION_CWD: folder,
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "1",
    },
  };
}

function secrets(on: Computer, ...words: string[]): Promise<HomelabRun> {
  return runHomelab(["secrets", ...words], on.env);
}

async function valueOf(on: Computer, stack: string, name: SecretName): Promise<string> {
  const args = ["config", "get", `homelab:${name}`, "--stack", stack, "--non-interactive"];
  return (await execa("pulumi", args, { cwd: on.folder, env: on.env })).stdout;
}

function stackFile(on: Computer, stack: string): string {
  return readFileSync(join(on.folder, `Pulumi.${stack}.yaml`), "utf8");
}

describe("homelab secrets init", () => {
  let first: Computer;
  let run: HomelabRun;

  beforeAll(async () => {
    first = computer();
    run = await secrets(first, "init");
  });

  it("makes every stack and every secret that can be generated, encrypted in the stack files", () => {
    expect(run.exitCode).toBe(0);
    for (const stack of ["vps", "nas", "docker-vm"] as const) {
      const text = stackFile(first, stack);
      expect(text).toContain("encryptionsalt: v1:");
      for (const name of secretsOf(declared[stack].declaration)) {
        const there = new RegExp(`homelab:${name}:\\n\\s+secure: v1:`).test(text);
        expect(there, name).toBe(SECRETS[name]?.origin.kind === "generated");
      }
    }
  });

  it("lists what only a person has, with the command to type", () => {
    expect(run.stdout).toContain(
      "pulumi config set --secret homelab:frigate-front-password -s docker-vm",
    );
    expect(run.stdout).not.toContain("homelab:grafana-admin-password");
  });

  it("gives a shared secret the same value in each stack, and never prints it", async () => {
    const value = await valueOf(first, "nas", "restic-password");
    expect(value).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(await valueOf(first, "docker-vm", "restic-password")).toBe(value);
    expect(run.stdout + run.stderr).not.toContain(value);
  });

  it("changes nothing the second time", async () => {
    const before = stackFile(first, "docker-vm");
    const again = await secrets(first, "init", "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({ createdStacks: [], written: [] });
    expect(stackFile(first, "docker-vm")).toBe(before);
  });

  it("takes a shared secret over from the stack that has it", async () => {
    const two = computer();
    await secrets(two, "init", "nas");
    await secrets(two, "init", "docker-vm");
    expect(await valueOf(two, "docker-vm", "restic-http-password")).toBe(
      await valueOf(two, "nas", "restic-http-password"),
    );
  });

  it("keeps a value that a person set, and says when stacks that share one disagree", async () => {
    const own = computer();
    await secrets(own, "init", "nas", "docker-vm");
    const args = ["config", "set", "--secret", "homelab:restic-http-password", "--stack", "nas"];
    await execa("pulumi", args, { cwd: own.folder, env: own.env, input: "my own" });
    const again = await secrets(own, "init", "--json");
    expect(await valueOf(own, "nas", "restic-http-password")).toBe("my own");
    expect(JSON.parse(again.stdout)).toMatchObject({ differing: ["restic-http-password"] });
    expect(again.stdout + again.stderr).not.toContain("my own");
  });

  it("stops with Pulumi's reason when the passphrase is another", async () => {
    const other = { ...first, env: { ...first.env, PULUMI_CONFIG_PASSPHRASE: "another" } };
    const stopped = await secrets(other, "init");
    expect(stopped.exitCode).toBe(1);
    expect(stopped.stderr).toMatch(/^error HL-PULUMI on this computer: .*incorrect passphrase/m);
  });
});

describe("homelab secrets on a second computer", () => {
  it("makes no new secrets for a stack that was deployed, and fetches the old ones as it says", async () => {
    const first = computer();
    await secrets(first, "init", "nas");
    // A deployment of nothing, which leaves the config in the backend as any does.
    writeFileSync(join(first.folder, "program", "program.mjs"), "");
    writeFileSync(join(first.folder, "package.json"), '{"main": "program/program.mjs"}');
    const modules = join(import.meta.dirname, "../../../node_modules");
    await execa("ln", ["-s", modules, join(first.folder, "node_modules")]);
    await execa("pulumi", ["up", "--yes", "--stack", "nas", "--non-interactive"], {
      cwd: first.folder,
      env: first.env,
    });

    const second = computer(join(first.folder, "state"));
    const refused = await secrets(second, "init", "nas");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("pulumi config refresh -s nas");
    await execa("pulumi", ["config", "refresh", "-s", "nas"], {
      cwd: second.folder,
      env: second.env,
    });
    const accepted = await secrets(second, "init", "nas", "--json");
    expect(JSON.parse(accepted.stdout)).toMatchObject({ written: [] });
    expect(await valueOf(second, "nas", "samba-password")).toBe(
      await valueOf(first, "nas", "samba-password"),
    );
  });
});

describe("homelab secrets rotate", () => {
  it("writes one new value into every stack that has it and names the deployments", async () => {
    const own = computer();
    await secrets(own, "init");
    const before = await valueOf(own, "nas", "ntfy-token");
    const run = await secrets(own, "rotate", "ntfy-token", "--json");
    expect(JSON.parse(run.stdout)).toEqual({
      name: "ntfy-token",
      stacks: ["vps", "nas", "docker-vm"],
      commands: ["pulumi up -s vps", "pulumi up -s nas", "pulumi up -s docker-vm"],
      steps: ["pulumi up -s vps", "pulumi up -s nas", "pulumi up -s docker-vm"],
    });
    const after = await valueOf(own, "nas", "ntfy-token");
    expect(after).not.toBe(before);
    expect(after).toMatch(/^tk_[A-Za-z0-9]{29}$/);
    for (const stack of ["vps", "docker-vm"]) {
      expect(await valueOf(own, stack, "ntfy-token")).toBe(after);
    }
  });
});
