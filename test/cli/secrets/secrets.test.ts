import { beforeEach, describe, expect, it, vi } from "vitest";
import { isMixed } from "../../../model/secrets.ts";
import { pulumiArgv } from "../../../workspace/pulumi.ts";
import { generateValue } from "../../../workspace/secrets/plan.ts";
import { completeProject, projectFolder } from "../support/project-folder.ts";
import { runHomelab } from "../support/run-homelab.ts";

// The command line is loaded anew and starts programs; a busy computer takes its time for that.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;

beforeEach(() => {
  folder = projectFolder();
});

/** Without anything that would let Pulumi work. */
function bare() {
  return {
    PULUMI_OPTION_CWD: folder,
    PULUMI_BACKEND_URL: undefined,
    PULUMI_CONFIG_PASSPHRASE: undefined,
    PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
  };
}

describe("a generated value", () => {
  it("has its length in letters and digits after its prefix, and is new each time", () => {
    const make = () => generateValue({ kind: "generated", length: 29, prefix: "tk_" });
    expect(make()).toMatch(/^tk_[A-Za-z0-9]{29}$/);
    expect(new Set(Array.from({ length: 100 }, make)).size).toBe(100);
  });

  it("has a digit and both kinds of letter, as programs ask that judge passwords", () => {
    const make = () => generateValue({ kind: "generated", length: 6, prefix: "Aa0_" }).slice(4);
    const values = Array.from({ length: 300 }, make);
    expect(values.filter((value) => !isMixed(value))).toEqual([]);
  });
});

describe("the argv for Pulumi", () => {
  it("names the key and the stack, and leaves the value to standard input", () => {
    expect(pulumiArgv.setSecret("nas", "homelab:samba-password")).toEqual([
      "config",
      "set",
      "--secret",
      "homelab:samba-password",
      "--stack",
      "nas",
    ]);
  });
});

describe("homelab secrets", () => {
  it("lists what is missing and what is there, and never a value", async () => {
    const missing = await runHomelab(["secrets", "list", "nas"], bare());
    expect(missing.exitCode).toBe(0);
    expect(missing.stdout).toMatch(
      /^samba-password +missing +homelab +a deployment +the file shares' user$/m,
    );
    await completeProject(folder);
    const complete = await runHomelab(["secrets", "list", "nas"], bare());
    expect(complete.stdout).toMatch(/^samba-password +present /m);
    expect(complete.stdout).not.toContain("v1:unread");
  });

  it("says where each is used for machines", async () => {
    const run = await runHomelab(["secrets", "list", "--json"], bare());
    const list = JSON.parse(run.stdout) as { name: string; stacks: { stack: string }[] }[];
    const restic = list.find(({ name }) => name === "restic-password");
    expect(restic?.stacks.map(({ stack }) => stack)).toEqual(["nas", "docker-vm"]);
  });

  it("does not start without a backend, and says which variable to set", async () => {
    const run = await runHomelab(["secrets", "init"], bare());
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/^error HL-BACKEND: .*PULUMI_BACKEND_URL/);
  });

  it("does not start without a passphrase, nor with a file that does not exist", async () => {
    const backend = { ...bare(), PULUMI_BACKEND_URL: `file://${folder}` };
    const none = await runHomelab(["secrets", "init"], backend);
    expect(none.stderr).toMatch(/^error HL-PASSPHRASE: /);
    const gone = { ...backend, PULUMI_CONFIG_PASSPHRASE_FILE: `${folder}/none` };
    const run = await runHomelab(["secrets", "init"], gone);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(`names "${folder}/none", which does not exist`);
  });

  it("says how to get Pulumi when it is not on PATH", async () => {
    const run = await runHomelab(["secrets", "init"], {
      ...bare(),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "x",
      PATH: folder,
    });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/^error HL-PULUMI: /);
  });

  it("refuses to rotate what a person has, what data is bound to, and what is not there", async () => {
    const rotate = (name: string) => runHomelab(["secrets", "rotate", name], bare());
    expect((await rotate("frigate-tapo-user")).stderr).toMatch(
      /^error HL-SECRET-PERSON: .*\n  1\. make a new one .*\n  2\. pulumi config set --secret homelab:frigate-tapo-user -s docker-vm, .*\n  3\. pulumi up -s docker-vm\n  4\. .*take the old one away/m,
    );
    expect((await rotate("samba-password")).stderr).toMatch(/^error HL-SECRET-MISSING/);
    await completeProject(folder);
    expect((await rotate("restic-password")).stderr).toMatch(/^error HL-SECRET-BOUND/);
    expect((await rotate("nonsense")).stderr).toMatch(/^error HL-USAGE/);
  });
});
