import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { receiptSchema, type Receipt } from "../../../deploy/staged/receipt.ts";
import { deployReportSchema, type HostOutcome } from "../../../deploy/staged/report.ts";
import { FILES_LABEL } from "../../../model/container-inputs.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { imitateFleet, type ImitatedFleet } from "./imitated-fleet.ts";

let fleet: ImitatedFleet;
let first = "";
let second = "";
let look = "";

async function deploy(
  ...words: string[]
): Promise<{ code: number; host: HostOutcome; said: string }> {
  fleet.take("pulumi-calls");
  fleet.take("pulumi-commits");
  const args = ["deploy", "nas", "--offline", "--root", fleet.root, ...words, "--json"];
  const { exitCode, stdout, stderr } = await runHomelab(args, fleet.env);
  expect(stdout, stderr).not.toBe("");
  const [host] = deployReportSchema.parse(JSON.parse(stdout)).hosts;
  if (!host) throw new Error("no host in the report");
  return { code: exitCode, host, said: stderr };
}

/**
 * Has the next `up` of the whole host make another samba, which stays unhealthy.
 * @param label that is another: from what it was declared, or what stands in its files
 */
function breakSamba(label = "homelab.spec"): void {
  fleet.put("broken");
  // Of its container only: its id, and the label.
  const lines = look.split("\n");
  const other = lines.map((line) =>
    line.startsWith("@container ") && line.includes('"Name":"/samba"')
      ? line.replace(/("Id":")[^"]*/, "$1another").replace(labelled(label), "$1other")
      : line,
  );
  expect(other.join("\n")).toMatch(new RegExp(`"Id":"another".*"${label}":"other"`));
  fleet.put("look", other.join("\n"));
}

function labelled(label: string): RegExp {
  return new RegExp(`("${label}":")[^"]*`);
}

function receipt(host: HostOutcome): Receipt {
  const name = (host.receipt ?? "").slice(fleet.folder.length + 1);
  return receiptSchema.parse(JSON.parse(fleet.read(name) ?? ""));
}

beforeAll(async () => {
  fleet = await imitateFleet();
  fleet.git("init", "--quiet", "--initial-branch=main");
  look = fleet.read("look") ?? "";
  first = fleet.commit("one");
  expect((await deploy()).code).toBe(0);
  second = fleet.commit("two");
}, 240_000);

// One after another: each goes on from where the one before ended.
describe("a deployment that leaves a service unhealthy", { timeout: 480_000 }, () => {
  it("puts nothing back when nobody asked for it", async () => {
    breakSamba();
    const { code, host } = await deploy();
    expect([code, host.putBack, host.receipt]).toEqual([1, null, null]);
  });

  it("with --rollback-on-failure has its container again from the last good deployment, and fails all the same", async () => {
    breakSamba();
    fleet.put("look-back", look);
    const { code, host, said } = await deploy("--rollback-on-failure");
    expect(code).toBe(1);
    expect(host).toMatchObject({ outcome: "failed", stage: "deploy" });
    expect(host.error?.code).toBe("HL-PULUMI");
    const good = fleet.list("state/deploy/receipts")[0];
    const began = receiptSchema.parse(
      JSON.parse(fleet.state(`receipts/${good ?? ""}`) ?? ""),
    ).began;
    expect(host.putBack, said).toEqual({ services: ["samba"], began, trouble: null });
    expect(host.next).toContain(" --resume --rollback-on-failure ");

    const commits = (fleet.read("pulumi-commits") ?? "").trim().split("\n");
    expect(commits).toEqual([`preview ${second}`, `up ${second}`, `up ${first}`]);
    const calls = (fleet.read("pulumi-calls") ?? "").split("\n");
    const targets = calls.filter((call) => call.includes("--target"));
    expect(targets).toHaveLength(1);
    expect(targets[0]).toMatch(/--target \*\*::samba-container .*--target \*\*::dockurr\/samba:/);
    expect(targets[0]).not.toMatch(/glances|data-guard|host-plan/);
    expect(fleet.git("worktree", "list").split("\n")).toHaveLength(1);
  });

  it("has to be made anew by a run that is resumed, also when it failed after its stage deploy", async () => {
    fleet.put("look", look);
    expect((await deploy()).code).toBe(0);
    breakSamba();
    fleet.take("broken");
    fleet.put("look-back", look);
    mkdirSync(join(fleet.root, "config/samba"), { recursive: true });
    fleet.put("root/config/samba/healthcheck.sh", "true\n");
    chmodSync(join(fleet.root, "config/samba/healthcheck.sh"), 0o666);
    const { host } = await deploy("--rollback-on-failure", "--full");
    rmSync(join(fleet.root, "config"), { recursive: true });
    expect(host).toMatchObject({ outcome: "failed", stage: "verify" });
    expect(host.error?.message).toContain("samba has a healthcheck.sh that is a link, or that");
    expect(host.putBack, JSON.stringify(host)).toMatchObject({
      services: ["samba"],
      trouble: null,
    });
    expect(receipt(host).putBack).toMatchObject({ services: ["samba"] });
    expect(fleet.state("stage_validate_complete")).toBeDefined();
    expect(fleet.state("stage_deploy_complete")).toBeUndefined();
  });

  it("says in the host's receipt and history what was put back, and the next deployment changes it", async () => {
    const { stdout } = await runHomelab(["history", "nas", "--root", fleet.root], fleet.env);
    expect(stdout).toContain("all; put back: samba");
    const { host, code } = await deploy();
    expect(code).toBe(0);
    // Neither taken for the same as declared, nor for a deployment to go back to.
    expect(host.outcome).toBe("done");
    const rollback = ["rollback", "nas", "--root", fleet.root];
    const asked = await runHomelab(rollback, fleet.env);
    expect(asked.stderr).toContain(`commit ${first.slice(0, 12)}`);
  });

  it("puts back one whose declaration is the same, and whose file is another", async () => {
    breakSamba(FILES_LABEL);
    fleet.put("look-back", look);
    const { code, host } = await deploy("--rollback-on-failure", "--full");
    expect(code).toBe(1);
    expect(host.putBack, JSON.stringify(host)).toMatchObject({
      services: ["samba"],
      trouble: null,
    });
    expect(receipt(host)).toMatchObject({ putBack: { services: ["samba"] } });
    expect(receipt(host).files?.["samba"]).toBe(labelled(FILES_LABEL).exec(look)?.[0].slice(-4));
    expect((await deploy()).code).toBe(0);
  });

  it("does not say that it is put back when it has the container that failed, which the earlier deployment makes, too", async () => {
    breakSamba(FILES_LABEL);
    fleet.put("look-back", fleet.read("look"));
    const { code, host } = await deploy("--rollback-on-failure", "--full");
    expect(code).toBe(1);
    expect(host.putBack).toMatchObject({ services: [], began: null });
    expect(host.putBack?.trouble).toContain("samba has the same container as before");
    expect(host.receipt).toBeNull();
    fleet.put("look", look);
  });

  it("keeps what is there when the service has no other container to go back to, and says so", async () => {
    fleet.put("broken");
    const { code, host } = await deploy("--rollback-on-failure", "--full");
    expect(code).toBe(1);
    expect(host.putBack).toMatchObject({ services: [], began: null });
    expect(host.putBack?.trouble).toContain("has no other container of samba to go back to");
    expect(host.receipt).toBeNull();
    fleet.take("broken");
  });

  it("says that nothing is put back when the container did not become that of the receipt", async () => {
    breakSamba();
    const bad = fleet.read("look") ?? "";
    fleet.put("look-back", bad);
    const { code, host } = await deploy("--rollback-on-failure", "--full");
    expect(code).toBe(1);
    expect(host.putBack).toMatchObject({ services: [], began: null });
    expect(host.putBack?.trouble).toContain("samba was made from another declaration");
    expect(host.receipt).toBeNull();
  });
});
