import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { receiptSchema, type Receipt } from "../../../deploy/staged/receipt.ts";
import { deployReportSchema, type HostOutcome } from "../../../deploy/staged/report.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { imitateFleet, type ImitatedFleet } from "./imitated-fleet.ts";

let fleet: ImitatedFleet;
let [first, second] = ["", ""];

async function homelab(...words: string[]) {
  return runHomelab([...words, "--root", fleet.root], fleet.env);
}

async function reported(...words: string[]): Promise<{ code: number; host: HostOutcome }> {
  const { exitCode, stdout, stderr } = await homelab(...words, "--json");
  expect(stdout, stderr).not.toBe("");
  const [host] = deployReportSchema.parse(JSON.parse(stdout)).hosts;
  if (!host) throw new Error("no host in the report");
  return { code: exitCode, host };
}

async function receipts(): Promise<Receipt[]> {
  const { stdout } = await homelab("history", "nas", "--json");
  return receiptSchema.array().parse(JSON.parse(stdout));
}

/** At which commits Pulumi was run since the last question, newest last. */
function commitsRun(): string[] {
  const text = fleet.read("pulumi-commits") ?? "";
  fleet.take("pulumi-commits");
  return text.split("\n").filter((line) => line !== "");
}

beforeAll(async () => {
  fleet = await imitateFleet();
  fleet.git("init", "--quiet", "--initial-branch=main");
  first = fleet.commit("one");
  expect((await reported("deploy", "nas", "--offline")).code).toBe(0);
  second = fleet.commit("two");
  expect((await reported("deploy", "nas", "--offline")).code).toBe(0);
  commitsRun();
}, 240_000);

// One after another: each goes on from where the one before ended.
describe("homelab rollback", { timeout: 240_000 }, () => {
  it("goes back to the deployment before the last, from its commit and with its digests", async () => {
    const before = fleet.git("status", "--short");
    const { code, host } = await reported("rollback", "nas", "--yes");
    expect(code, JSON.stringify(host)).toBe(0);
    expect(commitsRun()).toEqual([`preview ${first}`, `up ${first}`]);
    const [newest, last] = await receipts();
    expect([newest?.commit, last?.commit]).toEqual([first, second]);
    expect(newest?.services).toEqual(last?.services);
    expect(newest?.files).toMatchObject({ samba: "f1e2" });
    expect(fleet.git("rev-parse", "HEAD")).toBe(second);
    expect(fleet.git("status", "--short")).toBe(before);
    expect(fleet.git("worktree", "list").split("\n")).toHaveLength(1);
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith("homelab-rollback-"));
    expect(left).toEqual([]);
  });

  it("holds the host there: deploy is refused, names the hold and runs nothing, until it is released", async () => {
    const { code, host } = await reported("deploy", "nas", "--offline");
    expect(code).toBe(1);
    expect(host.error?.code).toBe("HL-DEPLOY-HELD");
    expect(host.error?.message).toContain(first.slice(0, 12));
    expect(host.next).toBe(`npx homelab release nas --root ${fleet.root}`);
    expect(commitsRun()).toEqual([]);
    const held = "nas is held at the deployment of ";
    expect((await homelab("history", "nas")).stderr).toContain(held);
    const released = await homelab("release", "nas", "--json");
    expect(JSON.parse(released.stdout)).toEqual({ host: "nas", wasHeld: true });
    const again = await homelab("release", "nas", "--json");
    expect(JSON.parse(again.stdout)).toEqual({ host: "nas", wasHeld: false });
    expect((await homelab("history", "nas")).stderr).not.toContain(held);
    expect((await reported("deploy", "nas", "--offline")).code).toBe(0);
    expect(commitsRun()).toEqual([`preview ${second}`, `up ${second}`]);
  });

  it("takes a hold that cannot be read for one", async () => {
    fleet.put("root/state/deploy/held.json", "{");
    expect((await reported("deploy", "nas", "--offline")).host.error?.code).toBe("HL-DEPLOY-HELD");
    await homelab("release", "nas");
  });

  it("holds nothing when a container is not as the receipt has it, and names it", async () => {
    const name = (await receipts())[1]?.began.replaceAll(/[-:]|\.\d+/g, "") ?? "";
    const file = `root/state/deploy/receipts/${name}.json`;
    const text = fleet.read(file) ?? "";
    fleet.put(file, text.replace(/("samba": \{[^}]*"spec": ")[^"]*/, "$1other"));
    const { code, host } = await reported("rollback", "nas", "--to", name, "--yes");
    fleet.put(file, text);
    expect(code).toBe(1);
    expect(host.error?.message).toContain("samba was made from another declaration");
    const began = (JSON.parse(text) as Receipt).began;
    expect(host.next).toBe(`npx homelab rollback nas --to ${began} --root ${fleet.root}`);
    expect(fleet.state("held.json")).toBeUndefined();
    commitsRun();
  });

  it("that could not take the lock names itself as the command to repeat, not a deployment", async () => {
    const [newest] = await receipts();
    // A lock that nobody can write: it is there, and no file.
    mkdirSync(join(fleet.root, "state/deploy/lock.new"));
    const { code, host } = await reported("rollback", "nas", "--to", second, "--yes");
    rmSync(join(fleet.root, "state/deploy/lock.new"), { recursive: true });
    expect(code).toBe(1);
    expect(host.error?.message).toMatch(/mend it, then repeat the command$/);
    expect(host.next).toBe(`npx homelab rollback nas --to ${newest?.began} --root ${fleet.root}`);
  });

  it("refuses before it reaches Pulumi a deployment that there is not, and a commit that is gone", async () => {
    const unknown = await homelab("rollback", "nas", "--to", "abcdef", "--yes");
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain('HL-ROLLBACK: nas has the receipt of no deployment "abcdef"');
    const [newest] = await receipts();
    const gone = { ...newest, commit: "f".repeat(40), began: "2026-01-01T00:00:00.000Z" };
    fleet.put("root/state/deploy/receipts/20260101T000000Z.json", JSON.stringify(gone));
    const { exitCode, stderr } = await homelab("rollback", "nas", "--to", "ffffffff", "--yes");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("HL-ROLLBACK: commit ffffffffffff could not be put beside");
    expect(commitsRun()).toEqual([]);
    expect(fleet.state("lock")).toBeUndefined();
  });

  it("does nothing when nobody says yes", async () => {
    const { exitCode, stderr } = await homelab("rollback", "nas");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("HL-CONFIRM");
    expect(stderr).toContain("Data stays as it is now.");
    expect(commitsRun()).toEqual([]);
  });
});

describe("homelab history --diff", () => {
  it("says what changes from one deployment to another, by commit or time", async () => {
    const { stdout } = await homelab("history", "nas", "--diff", first.slice(0, 8), second);
    expect(stdout).toContain(first);
    expect(stdout).toContain(second);
    expect(stdout).not.toContain("samba");
    const words = ["history", "nas", "--diff", first.slice(0, 8), second];
    expect(JSON.parse((await homelab(...words, "--json")).stdout)).toMatchObject([
      { name: "commit", before: first, after: second },
    ]);
  });

  it("needs one host and two deployments that there are", async () => {
    for (const words of [
      ["nas", "--diff", "one"],
      ["--diff", first, second],
      ["nas", "--diff", first, "gone"],
    ]) {
      const run = await homelab("history", ...words);
      expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining("HL-USAGE")]);
    }
  });
});

describe("homelab release", () => {
  it("that fails says to repeat it, and nothing of --resume, which it does not know", async () => {
    mkdirSync(join(fleet.root, "state/deploy/held.json"));
    const { exitCode, stderr } = await homelab("release", "nas");
    rmSync(join(fleet.root, "state/deploy/held.json"), { recursive: true });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/could not be changed there .* mend it, then repeat the command\n$/);
  });
});
