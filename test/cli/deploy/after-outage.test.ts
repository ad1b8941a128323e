import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { lockText, type DeployLock } from "../../../deploy/staged/lock.ts";
import { eventsIn } from "../../../deploy/staged/log.ts";
import { ownIdentity } from "../../../deploy/staged/owner.ts";
import type { BootRecord } from "../../../model/boot-record.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { deployNas, type DeployedNas } from "./deploy-nas.ts";
import { imitateFleet, type ImitatedFleet } from "./imitated-fleet.ts";

const BEFORE = "2026-11-27T01:00:00.000Z";
const NOW = "2026-11-27T02:00:00.000Z";

let fleet: ImitatedFleet;
beforeEach(async () => {
  fleet = await imitateFleet();
});

/** Runs `homelab deploy nas --after-outage --json`. */
function bringBack(...words: string[]): Promise<DeployedNas> {
  return deployNas(fleet, "--after-outage", ...words);
}

/** The record of a boot that is over, in which all are healthy but these. */
function recordOf(began: string, others: Partial<BootRecord["services"]> = {}): BootRecord {
  const healthy = { state: "healthy", since: began, restarts: 0 } as const;
  const names = fleet.declaration.services.map(({ name }) => name);
  const services = { ...Object.fromEntries(names.map((name) => [name, healthy])), ...others };
  const ended = { at: began, healthy: names.length, failed: [], held: [] };
  const gate = { open: false, since: began, seen: "nothing is mounted" };
  const gates = { "gate:folder-media": gate };
  return { version: 1, host: "nas", began, ended, gates, services } as BootRecord;
}

/** Has services of the imitated NAS stopped until it boots, which then leaves a record. */
function stopped(names: readonly string[], booted: BootRecord): void {
  const look = fleet.read("look") ?? "";
  const isDown = (line: string): boolean =>
    names.some((name) => line.includes(`"Name":"/${name}"`));
  const down = look.split("\n").map((line) => {
    if (!line.startsWith("@container ") || !isDown(line)) return line;
    return line.replace('"Status":"running"', '"Status":"exited"');
  });
  fleet.put("look-booted", look);
  fleet.put("look", down.join("\n"));
  fleet.put("opt/boot.json", JSON.stringify(recordOf(BEFORE)));
  fleet.put("booted.json", JSON.stringify(booted));
}

/** A file that the report names. */
function named(path: string | null): string {
  return fleet.read((path ?? "").slice(fleet.folder.length + 1)) ?? "";
}

// Each runs some hundred small programs, for which a busy machine takes its time.
describe("homelab deploy --after-outage", { timeout: 240_000 }, () => {
  it("has a host boot on which something is down, follows that, looks at every service, and asks Pulumi nothing", async () => {
    stopped(["samba", "syncthing"], recordOf(NOW));
    const { code, host, said } = await bringBack();
    expect(code, said + JSON.stringify(host)).toBe(0);
    expect(host).toMatchObject({ outcome: "done", stage: "verify", receipt: null, next: null });
    expect(fleet.read("boots")).toBe("--no-block restart docker-boot-orchestrator.service\n");
    expect(fleet.read("pulumi-calls")).toBeUndefined();

    const events = eventsIn(named(host.log));
    const ended = events.filter(({ event }) => event === "stage-ended");
    expect(ended).toMatchObject([{ stage: "deploy" }, { stage: "verify" }]);
    const ready = events.filter(({ event }) => event === "service-ready");
    expect(ready).toMatchObject([{ service: "samba" }, { service: "syncthing" }]);
    expect(said).toContain("[nas] deploy: down: samba, syncthing; ");
    // What an interrupted deployment left is still to be resumed.
    expect(fleet.list("state/deploy")).toEqual(["lock.guard"]);
    expect(fleet.read("run/deploying")).toBeUndefined();
  });

  it("says that nothing is to be done where everything is up, and starts nothing", async () => {
    const { code, host, said } = await bringBack();
    expect({ code, outcome: host.outcome, log: host.log }).toEqual({
      ...{ code: 0, outcome: "nothing", log: null },
    });
    const count = fleet.declaration.services.length;
    expect(said).toContain(`[nas] nothing to do: its ${count} services are up\n`);
    expect(fleet.read("boots")).toBeUndefined();
    const text = await runHomelab(
      ["deploy", "nas", "--after-outage", "--root", fleet.root],
      fleet.env,
    );
    expect(text.stdout).toBe("nas: nothing to do (0 s)\n");
  });

  it("starts a boot orchestrator that is not at work, though everything is up", async () => {
    fleet.put("unit", "ActiveState=failed\nSubState=failed\nJob=\n");
    fleet.put("booted.json", JSON.stringify(recordOf(NOW)));
    // The imitated unit stays down, but the record says that it booted.
    const { host } = await bringBack();
    expect(host.outcome).toBe("done");
    expect(fleet.read("boots")).toContain("restart");
  });

  it("names who is held back by what and who failed, keeps diagnostics without what containers print, and fails", async () => {
    const since = NOW;
    const held = { state: "held", by: "gate:folder-media", since, restarts: 0 } as const;
    const failed = { state: "failed", reason: "it keeps crashing", since, restarts: 0 } as const;
    stopped(["samba", "forgejo"], recordOf(NOW, { samba: held, forgejo: failed }));
    const { code, host, said } = await bringBack();
    expect(code).toBe(1);
    expect(host).toMatchObject({ outcome: "failed", stage: "deploy" });
    expect(host.error?.code).toBe("HL-DEPLOY-UNHEALTHY");
    expect(host.error?.message).toContain(
      "samba is held back by gate:folder-media (nothing is mounted), and starts by itself",
    );
    expect(host.error?.message).toContain("forgejo failed: it keeps crashing");
    expect(host.next).toBe(`npx homelab deploy nas --after-outage --root ${fleet.root}`);
    const text = named(host.diagnostics);
    expect(text).toContain("== container samba");
    expect(text).toContain("ssh nas docker logs --tail 40 samba");
    for (const place of [text, said, named(host.log)]) expect(place).not.toContain("canary-3f9d");
    expect(fleet.state("lock")).toBeUndefined();
  });

  it("refuses a host that somebody deploys, names who, and starts nothing", async () => {
    const owner = { ...ownIdentity(), user: "ann", machine: "another", host: "laptop" };
    const since = new Date().toISOString();
    const lock: DeployLock = {
      ...{ version: 1, id: "other", owner, since, commit: "c", reason: "deploy nas" },
    };
    mkdirSync(join(fleet.root, "state/deploy"), { recursive: true });
    fleet.put("root/state/deploy/lock", lockText(lock));
    stopped(["samba"], recordOf(NOW));
    const { code, host } = await bringBack();
    expect({ code, outcome: host.outcome }).toEqual({ code: 3, outcome: "refused" });
    expect(host.error?.message).toContain("ann@laptop");
    expect(fleet.read("boots")).toBeUndefined();
  });

  it("refuses a host on which somebody works, with the command that ends that", async () => {
    stopped(["samba"], recordOf(NOW));
    fleet.put("opt/maintenance.json", JSON.stringify({ reason: "a new disk", by: "ann@laptop" }));
    const { code, host } = await bringBack();
    expect(code).toBe(1);
    expect(host.error).toMatchObject({ code: "HL-DEPLOY-MAINTENANCE" });
    expect(host.error?.message).toContain("ann@laptop works on nas: a new disk");
    expect(host.next).toBe("npx homelab maintenance nas --end");
    expect(fleet.read("boots")).toBeUndefined();
    expect(fleet.state("lock")).toBeUndefined();
  });

  it("has a row for a host that is away", async () => {
    fleet.put("away");
    const { code, host } = await bringBack();
    expect(code).toBe(1);
    expect(host).toMatchObject({ outcome: "failed", stage: null });
    expect(host.error?.code).toBe("HL-UNREACHABLE");
  });

  it.each([
    ["--resume"],
    ["--full"],
    ["--only", "storage"],
    ["--rollback-on-failure"],
    ["--guard-ways-in"],
  ])("refuses %s beside it before any host is reached", async (...words) => {
    const run = await runHomelab(["deploy", "nas", "--after-outage", ...words], fleet.env);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(`deploys nothing, so ${words[0]} cannot stand beside it`);
  });
});
