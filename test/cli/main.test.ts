import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { editYaml, projectFolder } from "./support/project-folder.ts";
import { failureSchema, type Failure } from "../../cli/failure.ts";
import { runHomelab, type HomelabRun } from "./support/run-homelab.ts";

let folder: string;

function failureIn({ stdout }: HomelabRun): Failure {
  return failureSchema.parse(JSON.parse(stdout));
}

beforeAll(() => {
  folder = projectFolder();
});

describe("the homelab command", () => {
  it("lists every group of commands in its help and exits 0", async () => {
    const run = await runHomelab(["--help"]);
    expect(run.exitCode).toBe(0);
    for (const group of [
      "validate",
      "graph",
      "check",
      "deploy",
      "history",
      "unlock",
      "drift",
      "why",
      "secrets",
      "images",
      "backup",
      "database",
      "import",
      "adopt",
      "maintenance",
      "mesh",
      "status",
      "events",
      "incidents",
      "actions",
      "approve",
      "reject",
      "sandbox",
    ]) {
      expect(run.stdout).toMatch(new RegExp(`^  ${group} `, "m"));
    }
  });

  it("exits 2 for an unknown command and suggests the one that was meant", async () => {
    const run = await runHomelab(["grap"]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("(Did you mean graph?)");
  });

  it("knows the sandbox's commands although they are loaded only when asked for", async () => {
    const run = await runHomelab(["sandbox", "--help"]);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain("reboot");
  });

  it("exits 2 for an unknown option", async () => {
    expect((await runHomelab(["validate", "--fast"])).exitCode).toBe(2);
  });

  it("says a person's mistake in one line, with its code and without a stack trace", async () => {
    const run = await runHomelab(["graph", "laptop"]);
    expect(run).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: 'error HL-USAGE: "laptop" is not a host; the hosts are vps, nas, docker-vm\n',
    });
  });

  it.each([
    [["graph", "laptop", "--json"], "HL-USAGE"],
    [["graph", "laptop", "--format", "json"], "HL-USAGE"],
    [["drift", "--fast", "--json"], "HL-USAGE"],
    [["rollback", "nas", "--json"], "HL-CONFIRM"],
  ])(
    "says a failure of %j for programs too, with the same words and exit code",
    async (words, code) => {
      const run = await runHomelab(words);
      const { exitCode, error } = failureIn(run);
      expect({ exitCode, code: error.code, host: error.host }).toEqual({
        exitCode: 2,
        code,
        host: null,
      });
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toContain(error.message);
    },
  );

  it("says each mistake of the settings with its path to programs", async () => {
    const wrong = projectFolder();
    editYaml<{ config: Record<string, { value: Record<string, unknown> }> }>(
      wrong,
      "Pulumi.yaml",
      ({ config }) => Object.assign(config["homelab:site"]?.value ?? {}, { domain: 1, lan: "x" }),
    );
    const run = await runHomelab(["validate", "--json"], { PULUMI_OPTION_CWD: wrong });
    const { error } = failureIn(run);
    expect(error.code).toBe("HL-SITE");
    expect(error.mistakes.map(({ path }) => path)).toContain("homelab:site.domain");
    expect(
      error.mistakes.every(({ path, message }) => run.stderr.includes(`${path}: ${message}`)),
    ).toBe(true);
  });

  it("prints no failure for programs beside a help that somebody asked for", async () => {
    const run = await runHomelab(["drift", "--help"]);
    expect(run.stdout).not.toContain('"error"');
  });

  it("says what to do when there is no project", async () => {
    const empty = mkdtempSync(join(tmpdir(), "homelab-empty-"));
    const run = await runHomelab(["validate"], { PULUMI_OPTION_CWD: empty });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("HL-PROJECT");
    expect(run.stderr).toContain("PULUMI_OPTION_CWD");
  });

  it("exits 1 and names the host when a host cannot be reached", async () => {
    const config = join(folder, "ssh-config");
    // A connection that ends before it begins; no packet is sent.
    writeFileSync(config, "Host *\n  ProxyCommand false\n");
    const run = await runHomelab(["adopt", "nas", "forgejo"], {
      PULUMI_OPTION_CWD: folder,
      HOMELAB_SSH_CONFIG: config,
    });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(/^error HL-UNREACHABLE on nas: ssh could not connect: /);
    const json = await runHomelab(["adopt", "nas", "forgejo", "--yes", "--json"], {
      PULUMI_OPTION_CWD: folder,
      HOMELAB_SSH_CONFIG: config,
    });
    const { exitCode, error } = failureIn(json);
    expect({ exitCode, code: error.code, host: error.host }).toEqual({
      exitCode: 1,
      code: "HL-UNREACHABLE",
      host: "nas",
    });
  });

  it("gives up on a host that accepts the connection and says nothing", async () => {
    const config = join(folder, "silent-ssh-config");
    writeFileSync(config, "Host *\n  ProxyCommand sleep 600\n");
    const run = await runHomelab(["check", "vps", "--json"], {
      PULUMI_OPTION_CWD: folder,
      HOMELAB_SSH_CONFIG: config,
    });
    expect(run.exitCode).toBe(2);
    const { rows } = JSON.parse(run.stdout) as { rows: { check: string; state: string }[] };
    expect(rows).toContainEqual(expect.objectContaining({ check: "ssh", state: "failure" }));
  }, 60_000);
});
