// A household whose NAS may be away, and what the commands make of that. The other hosts may not.
import { beforeAll, describe, expect, it, vi } from "vitest";
import { checkAnswerSchema } from "../../cli/check/answer.ts";
import { statusText } from "../../cli/desk/status-text.ts";
import { rowsOf, verdictOf } from "../../cli/desk/verdict.ts";
import type { HostRow, Status } from "../../control-plane/desk/views.ts";
import { driftReportSchema } from "../../deploy/drift/rows.ts";
import { deployReportSchema } from "../../deploy/staged/report.ts";
import { HOSTS } from "../../model/host-names.ts";
import { imitateFleet, type ImitatedFleet } from "./deploy/imitated-fleet.ts";
import { runHomelab } from "./support/run-homelab.ts";

vi.mock(import("../../household/hosts.ts"), async (original) => {
  const household = await original();
  const entries = household.ENTRIES.map((entry) =>
    entry.name === "nas" ? { ...entry, intermittent: true } : entry,
  );
  return { ...household, ENTRIES: entries as unknown as typeof household.ENTRIES };
});

let fleet: ImitatedFleet;
beforeAll(async () => {
  fleet = await imitateFleet();
  fleet.put("away");
});

/** What a command answers while no host is there. */
function answerOf(...words: string[]) {
  return runHomelab([...words, "--json"], fleet.env);
}

describe("a host that may be away, and is,", { timeout: 240_000 }, () => {
  it("is a row of drift with nothing missing there, and no failure", async () => {
    const run = await answerOf("drift", "nas");
    expect(run.exitCode).toBe(0);
    expect(driftReportSchema.parse(JSON.parse(run.stdout)).hosts).toMatchObject([
      { host: "nas", verdict: "unknown", absent: true, rows: [{ kind: "host", change: "away" }] },
    ]);
    const text = await runHomelab(["drift", "nas"], fleet.env);
    expect(text.stdout).toMatch(/^nas: away, as it may be\n/);
  });

  it("hides no other host that is", async () => {
    const run = await answerOf("drift", "nas", "vps");
    expect(run.exitCode).toBe(1);
    const { hosts } = driftReportSchema.parse(JSON.parse(run.stdout));
    expect(hosts.map(({ host, absent }) => `${host} ${absent}`)).toEqual(["vps false", "nas true"]);
  });

  it("is a warning of check, and another host a failure", async () => {
    const run = await answerOf("check");
    const { rows } = checkAnswerSchema.parse(JSON.parse(run.stdout));
    const ssh = rows.filter(({ check }) => check === "ssh");
    expect(ssh.map(({ host, state }) => `${host} ${state}`)).toEqual([
      "vps failure",
      "nas warning",
      "docker-vm failure",
    ]);
    expect(ssh[1]?.seen).toMatch(/^away, as it may be: ssh could not connect/);
  });

  it.each([["--offline"], ["--after-outage"]])(
    "is no failure of deploy %s, which says what to type when it is back",
    async (...words) => {
      const run = await answerOf("deploy", "nas", ...words, "--root", fleet.root);
      expect(run.exitCode, run.stderr).toBe(0);
      const [host] = deployReportSchema.parse(JSON.parse(run.stdout)).hosts;
      expect(host).toMatchObject({ outcome: "absent", stage: null });
      expect(host?.error?.code).toBe("HL-UNREACHABLE");
      expect(host?.next).toMatch(/^npx homelab deploy nas /);
      expect(fleet.read("pulumi-calls") ?? "").not.toMatch(/^up /m);
    },
  );

  it("fails a deploy of others that are away, too", async () => {
    const run = await answerOf("deploy", "nas", "vps", "--offline", "--root", fleet.root);
    expect(run.exitCode).toBe(1);
    const { hosts } = deployReportSchema.parse(JSON.parse(run.stdout));
    expect(hosts.map(({ outcome }) => outcome)).toEqual(["failed", "absent"]);
  });
});

describe("status", () => {
  const fresh = (host: string): HostRow => ({
    ...{ host, freshness: "fresh", heardSecondsAgo: 3, services: { healthy: 2 } },
    ...{ asDesired: true, maintenance: null, held: false },
  });
  const away = (host: string): HostRow => ({
    ...fresh(host),
    ...{ freshness: "unreachable", services: { unreachable: 2 } },
  });
  const statusOf = (...hosts: HostRow[]): Status => ({
    stale: null,
    hosts,
    incidents: 0,
    actions: {},
  });

  it("is well while a host is away that may be, and says so", () => {
    const status = statusOf(fresh("vps"), away("nas"), fresh("docker-vm"));
    const verdict = verdictOf(status, HOSTS);
    expect(verdict).toEqual({
      exitCode: 0,
      sentence: "2 of 3 hosts fresh; no action waits; no incident; away, as it may be: nas",
    });
    const hosts = rowsOf(status, HOSTS);
    const text = statusText({ verdict, hosts, incidents: [], actions: [], now: 0 });
    expect(text).toMatch(/^nas +unreachable, .* 2 unreachable +away, as it may be$/m);
  });

  it("is well while it was never heard of, and not while another is away", () => {
    expect(verdictOf(statusOf(fresh("vps"), fresh("docker-vm")), HOSTS).exitCode).toBe(0);
    const other = statusOf(fresh("vps"), fresh("nas"), away("docker-vm"));
    expect(verdictOf(other, HOSTS).exitCode).toBe(2);
  });
});
