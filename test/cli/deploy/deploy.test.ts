import { execFileSync, spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { lockText, type DeployLock } from "../../../deploy/staged/lock.ts";
import { eventsIn } from "../../../deploy/staged/log.ts";
import { ownIdentity } from "../../../deploy/staged/owner.ts";
import { receiptSchema } from "../../../deploy/staged/receipt.ts";
import { STAGES } from "../../../deploy/staged/stage.ts";
import { CHECKOUT } from "../../support/rooms.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { deployNas, type DeployedNas } from "./deploy-nas.ts";
import { CANARY, imitateFleet, type ImitatedFleet } from "./imitated-fleet.ts";

let fleet: ImitatedFleet;
beforeEach(async () => {
  fleet = await imitateFleet();
});

/** Runs `homelab deploy nas --json`. */
function deploy(...words: string[]): Promise<DeployedNas> {
  return deployNas(fleet, "--offline", ...words);
}

/** A file that the report names. */
function named(path: string | null): string {
  return fleet.read((path ?? "").slice(fleet.folder.length + 1)) ?? "";
}

/** What Pulumi was called for: its first word of each call. */
function calls(): string[] {
  const text = fleet.read("pulumi-calls") ?? "";
  return text.split("\n").flatMap((line) => line.split(" ")[0] || []);
}

/** The lock of a process that was killed on this computer. */
function deadLock(): DeployLock {
  const { pid } = spawnSync("true");
  const owner = { ...ownIdentity(), pid, started: "1" };
  const since = new Date(Date.now() - 60_000).toISOString();
  return { version: 1, id: "dead", owner, since, commit: "c", reason: "deploy nas" };
}

// Each runs some hundred small programs, for which a busy machine takes its time.
describe("homelab deploy", { timeout: 240_000 }, () => {
  it("runs every stage, and leaves markers, log and receipt, and no lock", async () => {
    const { code, host, said } = await deploy();
    expect(code, said + JSON.stringify(host)).toBe(0);
    expect(host).toMatchObject({ outcome: "done", stage: "complete", error: null, next: null });
    for (const stage of STAGES) expect(fleet.state(`stage_${stage}_complete`), stage).toBeDefined();
    expect(fleet.state("current_stage")).toBe("complete\n");
    expect(fleet.state("last_service")).toBe("syncthing\n");
    expect(fleet.state("lock")).toBeUndefined();
    expect(fleet.read("run/deploying")).toBeUndefined();

    const events = eventsIn(named(host.log));
    const ended = events.filter(({ event }) => event === "stage-ended");
    expect(ended.map((event) => "stage" in event && event.stage)).toEqual(STAGES);
    const services = events.filter(({ event }) => event === "service-ready");
    expect(services).toMatchObject([
      { service: "samba", changed: true },
      { service: "syncthing", changed: false },
    ]);
    expect(said).toContain("[nas] validate: plan: make 1: samba-container\n");

    const receipt = receiptSchema.parse(JSON.parse(named(host.receipt)));
    expect(Object.keys(receipt.services).sort()).toEqual(
      fleet.declaration.services.map(({ name }) => name).sort(),
    );
    expect(receipt.services["samba"]?.image).toMatch(/@sha256:0{64}$/);
    expect(Object.keys(receipt.durations).sort()).toEqual(
      STAGES.filter((stage) => stage !== "complete").toSorted(),
    );
    const history = await runHomelab(["history", "nas", "--root", fleet.root], fleet.env);
    expect(history.stdout).toContain(receipt.commit.slice(0, 12));
  });

  it("collects diagnostics when a service fails, and shows the secret of its log in none of its words", async () => {
    fleet.put("broken");
    const { code, host, said } = await deploy();
    expect(code).toBe(1);
    expect(host).toMatchObject({ outcome: "failed", stage: "deploy" });
    expect(host.error?.code).toBe("HL-PULUMI");
    expect(host.next).toBe(`npx homelab deploy nas --resume --root ${fleet.root}`);
    const text = named(host.diagnostics);
    expect(text).toContain("samba is unhealthy: ***");
    expect(text).toContain("== container samba");
    expect(text).toContain("password ***");
    expect(text).not.toContain("== container syncthing");
    const everything = execFileSync("cat", files(), {
      encoding: "utf8",
    });
    expect(everything).toContain("***");
    for (const place of [everything, said, JSON.stringify(host)]) {
      expect(place).not.toContain("canary-3f9d");
    }
    expect(CANARY).toContain("canary-3f9d");
    expect(fleet.state("lock")).toBeUndefined();
    expect(fleet.state("stage_deploy_complete")).toBeUndefined();
    expect(fleet.state("current_stage")).toBe("deploy\n");
  });

  it("goes on with --resume at the stage that failed, and then has nothing left to resume", async () => {
    fleet.put("broken");
    await deploy();
    fleet.take("broken");
    const before = calls().length;
    const { code, host } = await deploy("--resume");
    expect(code, JSON.stringify(host)).toBe(0);
    expect(calls().slice(before)).toEqual(["config", "up"]);
    const skipped = eventsIn(named(host.log)).filter(({ event }) => event === "stage-skipped");
    expect(skipped).toMatchObject([{ stage: "prepare" }, { stage: "validate" }]);
    // It came to its end: what goes on is a run of its own.
    const third = await deploy("--resume");
    expect(third).toMatchObject({ code: 0, host: { outcome: "done" } });
    expect(named(third.host.log)).not.toContain("stage-skipped");
  });

  it("deploys a host with --resume on which the run that was cut short had not begun", async () => {
    await deploy();
    const run = JSON.parse(fleet.state("run.json") ?? "") as object;
    fleet.put("root/state/deploy/run.json", JSON.stringify({ ...run, commit: "0123" }));
    fleet.put("updated", "by somebody else");
    const before = calls().length;
    const { code, host } = await deploy("--resume");
    expect(code, JSON.stringify(host)).toBe(0);
    expect(host).toMatchObject({ outcome: "done", stage: "complete" });
    expect(calls().slice(before)).toContain("up");
  });

  it("does not resume a run of another plan, commit or --only, and says which", async () => {
    fleet.put("broken");
    await deploy();
    const run = fleet.state("run.json") ?? "";
    const other = { ...(JSON.parse(run) as object), commit: "0123", planDigest: "abc" };
    fleet.put("root/state/deploy/run.json", JSON.stringify(other));
    const { code, host } = await deploy("--resume", "--only", "storage");
    expect(code).toBe(1);
    expect(host.error?.code).toBe("HL-DEPLOY-RESUME");
    expect(host.error?.message).toMatch(
      /commit 0123 -> .*plan abc -> .*--only everything -> storage/,
    );
    expect(host.next).toBe(`npx homelab deploy nas --only storage --root ${fleet.root}`);
    expect(fleet.state("lock")).toBeUndefined();
  });

  it("names the command that goes on with the same words, also when no stage could begin", async () => {
    fleet.put("broken");
    const { host } = await deploy("--only", "storage", "--guard-ways-in");
    const words = "--resume --only storage --guard-ways-in";
    const next = `npx homelab deploy nas ${words} --root ${fleet.root}`;
    expect(host.next).toBe(next);
    fleet.put("away");
    const resumed = await deploy(...words.split(" "));
    expect(resumed.host).toMatchObject({ stage: null, next });
  });

  it("takes no torn state for a first run: sets it aside, names it, and resumes nothing", async () => {
    fleet.put("broken");
    await deploy();
    fleet.put("root/state/deploy/run.json", '{"version":1,"id":"');
    const { code, host } = await deploy("--resume");
    expect(code).toBe(1);
    expect(host.error?.message).toContain("torn (run.json");
    const aside = fleet.list("state/deploy").filter((name) => name.startsWith("run.json.torn-"));
    expect(aside).toHaveLength(1);
    fleet.take("broken");
    expect((await deploy()).code).toBe(0);
  });

  it("refuses beside another run with exit code 3, names it, and leaves its lock and Pulumi alone", async () => {
    const lock: DeployLock = { ...deadLock(), id: "other", owner: ownIdentity() };
    execFileSync("mkdir", ["-p", join(fleet.root, "state/deploy")]);
    fleet.put("root/state/deploy/lock", lockText(lock));
    const { code, host } = await deploy();
    expect(code).toBe(3);
    expect(host.outcome).toBe("refused");
    expect(host.error?.message).toContain(`process ${process.pid}`);
    expect(fleet.state("lock")).toBe(lockText(lock));
    expect(calls()).toEqual([]);
    const unlock = ["unlock", "nas", "--yes", "--root", fleet.root];
    expect((await runHomelab(unlock, fleet.env)).stderr).toContain("HL-DEPLOY-LOCKED");
    const gone = { ...lock, owner: { ...lock.owner, host: "a-laptop" } };
    fleet.put("root/state/deploy/lock", lockText(gone));
    expect((await deploy()).code).toBe(3);
    const taken = await runHomelab([...unlock, "--json"], fleet.env);
    expect(JSON.parse(taken.stdout)).toMatchObject({
      host: "nas",
      lockTaken: expect.stringContaining("@a-laptop, process ") as string,
      removed: [],
    });
    // Its mark lay without the lock, as a person who removed the lock by hand leaves it.
    execFileSync("mkdir", ["-p", join(fleet.folder, "run")]);
    fleet.put("run/deploying", lockText(gone));
    expect((await runHomelab(unlock, fleet.env)).stdout).toContain("no more");
    expect(fleet.read("run/deploying")).toBeUndefined();
    expect((await deploy()).code).toBe(0);
  });

  it("takes over from a run that was killed, with the lock that its Pulumi left", async () => {
    const lock = deadLock();
    execFileSync("mkdir", ["-p", join(fleet.root, "state/deploy")]);
    fleet.put("root/state/deploy/lock", lockText(lock));
    const at = new Date().toISOString().replace(/\.\d+Z/, "Z");
    fleet.put(
      "pulumi-lock",
      `  file: created by root@${hostname()} (pid ${lock.owner.pid}) at ${at}`,
    );
    const { code, host, said } = await deploy();
    expect(code, JSON.stringify(host)).toBe(0);
    expect(said).toContain("is gone");
    expect(calls().filter((word) => word === "up" || word === "cancel")).toEqual([
      "up",
      "cancel",
      "up",
    ]);
  });

  it("respects a plain pulumi up elsewhere: fails, and cancels nothing", async () => {
    fleet.put("pulumi-lock", "  file: created by ana@laptop (pid 7) at 2026-11-26T07:00:00Z");
    const { code, host } = await deploy();
    expect(code).toBe(1);
    expect(host.error?.message).toContain("created by ana@laptop (pid 7)");
    expect(calls()).not.toContain("cancel");
  });

  it("names images that cannot be pulled with who needs them, and has Pulumi go on with the others", async () => {
    // The imitated engine has no socket, so nothing can be pulled from anywhere.
    fleet.put("digests", "<none>\n");
    const { code, host, said } = await deploy();
    expect(code, said).toBe(0);
    expect(named(host.log)).toMatch(
      /prepare: \S+samba:\S+ cannot be pulled \(connect ENOENT \S+\); needed by samba$/m,
    );
    expect(fleet.read("pulumi-calls")).toMatch(/^up .*--continue-on-error /m);
    fleet.take("digests");
    fleet.put("pulumi-calls");
    await deploy("--full");
    expect(fleet.read("pulumi-calls")).not.toContain("--continue-on-error");
  });

  it("says within seconds that a host is away, and changes nothing", async () => {
    fleet.put("away");
    const { code, host } = await deploy();
    expect(code).toBe(1);
    expect(host.error?.code).toBe("HL-UNREACHABLE");
    expect(fleet.list("")).toEqual([]);
  });

  it("refuses a stack that the host has not, and a root that is none, before it reaches anybody", async () => {
    fleet.put("away");
    for (const words of [
      ["--only", "nonsense"],
      ["--root", "relative"],
      ["--root", "/a/../b"],
    ]) {
      const run = await runHomelab(["deploy", "nas", "--offline", ...words], fleet.env);
      expect(run.exitCode, run.stderr).toBe(2);
      expect(run.stderr).toContain("HL-USAGE");
    }
  });

  it("is what scripts/deploy/deploy.sh calls", () => {
    const help = spawnSync("scripts/deploy/deploy.sh", ["--help"], { cwd: CHECKOUT });
    expect(help.stdout.toString()).toContain("Usage: homelab deploy");
  });
});

/** Every file below the root. */
function files(): string[] {
  const found = execFileSync("find", [fleet.root, "-type", "f"], { encoding: "utf8" });
  return found.trim().split("\n");
}
