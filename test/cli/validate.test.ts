import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import {
  completeProject,
  editYaml,
  projectFolder,
  type StackYaml,
} from "./support/project-folder.ts";
import { runHomelab } from "./support/run-homelab.ts";
import { HOSTS } from "../../model/host-names.ts";
import { declareFleet } from "../../household/fleet.plan.ts";
import { site } from "../support/site.ts";

let folder: string;

beforeEach(async () => {
  folder = projectFolder();
  await completeProject(folder);
});

function validate(...words: string[]) {
  return runHomelab(["validate", ...words], { PULUMI_OPTION_CWD: folder });
}

describe("homelab validate", () => {
  it("finds nothing wrong with the committed declarations once secrets and digests are there", async () => {
    const run = await validate();
    expect(run.stderr).toBe("");
    // The committed settings leave the household's own app out.
    const without = declareFleet({ ...site, javya: undefined });
    const services = HOSTS.flatMap((host) => without[host].declaration.services);
    expect(run.stdout).toBe(`${services.length} services on 3 hosts: nothing wrong\n`);
    expect(run.exitCode).toBe(0);
  });

  it("names a missing secret, the stack that lacks it and what to run", async () => {
    editYaml<StackYaml>(folder, "Pulumi.docker-vm.yaml", ({ config }) => {
      delete config["homelab:grafana-admin-password"];
    });
    const run = await validate();
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toContain(
      "homelab:grafana-admin-password: is not in the config of stack docker-vm",
    );
    expect(run.stdout).toContain("npx homelab secrets init docker-vm");
    expect(run.stdout).toContain("1 mistake\n");
  });

  it("objects to a secret that stands readable in a stack file, without repeating it", async () => {
    editYaml<StackYaml>(folder, "Pulumi.nas.yaml", ({ config }) => {
      config["homelab:samba-password"] = "in-the-open";
    });
    const run = await validate();
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toContain("homelab:samba-password: stands there readable");
    expect(run.stdout).not.toContain("in-the-open");
  });

  it("says in one line for each stack that the lock file is missing", async () => {
    rmSync(join(folder, "program", "images.lock.json"));
    const { problems } = JSON.parse((await validate("--json")).stdout) as {
      problems: { path: string }[];
    };
    expect(problems.map(({ path }) => path)).toEqual([
      "vps.images",
      "nas.images",
      "docker-vm.images",
    ]);
  });

  it("lists every mistake in the site settings with its path", async () => {
    editYaml<StackYaml>(folder, "Pulumi.nas.yaml", ({ config }) => {
      config["homelab:site"] = '{"domain": ""}';
    });
    const run = await validate();
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("homelab:site.domain");
    expect(run.stderr).toContain("homelab:site.timezone");
  });

  it("asks each stack for access to Tailscale where that coordinates the mesh, encrypted", async () => {
    editYaml<{ config: Record<string, { value: object }> }>(folder, "Pulumi.yaml", ({ config }) => {
      const mesh = { coordinator: "tailscale", tailnet: "example.com" };
      config["homelab:site"] = { value: { ...config["homelab:site"]?.value, mesh } };
    });
    editYaml<StackYaml>(folder, "Pulumi.vps.yaml", ({ config }) => {
      config["tailscale:apiKey"] = { secure: "v1:unread" };
    });
    editYaml<StackYaml>(folder, "Pulumi.nas.yaml", ({ config }) => {
      config["tailscale:apiKey"] = "in-the-open";
    });
    const run = await validate();
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toContain("Pulumi.nas.yaml tailscale:apiKey: stands there readable");
    expect(run.stdout).toContain(
      "tailscale:apiKey: is not in the config of stack docker-vm, which makes a key",
    );
    expect(run.stdout).toContain("2 mistakes\n");
    expect(run.stdout).not.toContain("in-the-open");
  });

  it("says which file is damaged", async () => {
    writeFileSync(join(folder, "Pulumi.vps.yaml"), "config: [");
    const run = await validate();
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("Pulumi.vps.yaml");
  });
});
