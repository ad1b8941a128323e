// An outage of the deployed homelab: the NAS without its engine, the Docker VM with some of its
// services killed or without the NAS's folders, and one command that brings back what can be.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { placesBelow } from "../../../deploy/staged/places.ts";
import { deployReportSchema, type DeployReport } from "../../../deploy/staged/report.ts";
import { parseBootRecord, type BootRecord } from "../../../model/boot-record.ts";
import { BOOT_UNIT } from "../../../model/boot.ts";
import { mountNeeds } from "../../../bench/soak-scenarios.ts";
import { withPlan } from "../../../bench/soak-round.ts";
import type { HostName } from "../../../model/host-names.ts";
import { parsePlan, serializePlan } from "../../../model/host-plan.ts";
import { BOOT_RECORD_FILE, DEPLOYING, desiredPlan, ROOT } from "../../../model/paths.ts";
import { setExports } from "../../../sandbox/mounts.ts";
import { declaredHost } from "../support/declared.ts";
import { containers, homelabJson, on, openLab, type Lab } from "../support/lab.ts";

/** Who is killed, in whatever order, so that the orchestrator takes it for a person's wish. */
const KILLED = ["homeassistant", "mosquitto", "vaultwarden"];

/** A boot without the NAS waits so long for its folders. */
const MOUNT_LIMIT_SECONDS = 15;

const LOCK = placesBelow(ROOT).lock;

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});

// The next file finds the hosts whole, also after a failure.
afterAll(async () => {
  for (const host of ["nas", "docker-vm"] as const) {
    if ((await notHealthy(host)).length > 0) await on(lab, host, `systemctl restart ${BOOT_UNIT}`);
  }
});

async function afterOutage(...hosts: HostName[]): Promise<DeployReport> {
  const { code, answer } = await homelabJson(lab, ["deploy", ...hosts, "--after-outage"]);
  const report = deployReportSchema.parse(answer);
  expect(report.exitCode).toBe(code);
  return report;
}

async function notHealthy(host: HostName): Promise<string[]> {
  const all = await containers(lab, host).catch(() => new Map([["engine", "away"]]));
  const ill = [...all].filter(([, status]) => !status.includes("(healthy)"));
  return ill.map(([name]) => name).sort();
}

/** When each container of the Docker VM was started, as its engine writes it. */
async function starts(): Promise<Map<string, string>> {
  const format = "'{{.Name}} {{.State.StartedAt}}'";
  const text = await on(lab, "docker-vm", `docker inspect --format ${format} $(docker ps -aq)`);
  return new Map(text.split("\n").map((line) => line.slice(1).split(" ") as [string, string]));
}

async function record(host: HostName): Promise<BootRecord> {
  const read = parseBootRecord(await on(lab, host, `cat ${BOOT_RECORD_FILE}`));
  if (!read) throw new Error(`${BOOT_RECORD_FILE} is not what it should be`);
  return read;
}

describe("homelab deploy --after-outage", () => {
  it("brings back a NAS without its engine, then what is down of the Docker VM, and leaves alone what is up", async () => {
    await Promise.all([
      on(lab, "nas", "systemctl stop docker.service"),
      on(lab, "docker-vm", `docker kill ${KILLED.join(" ")}`),
    ]);
    const before = await starts();

    const report = await afterOutage();
    expect(report, JSON.stringify(report)).toMatchObject({ exitCode: 0 });
    expect(report.hosts).toMatchObject([
      { host: "vps", outcome: "nothing" },
      { host: "nas", outcome: "done", stage: "verify", receipt: null },
      { host: "docker-vm", outcome: "done", stage: "verify", receipt: null },
    ]);
    expect(await notHealthy("nas")).toEqual([]);
    expect(await notHealthy("docker-vm")).toEqual([]);

    const { services } = await record("nas");
    const { began } = await record("docker-vm");
    const storage = Date.parse(services["restic-rest"]?.since ?? "");
    expect(Date.parse(began)).toBeGreaterThan(storage);

    const after = await starts();
    const started = [...after].filter(([name, at]) => before.get(name) !== at);
    // Who cannot run without one of them starts anew after it.
    const above = ["frigate", "homeassistant-backup", "vaultwarden-backup"];
    const expected = [...KILLED, ...above].sort();
    expect(started.map(([name]) => name).sort()).toEqual(expected);
    const at = (name: string): string => after.get(name) ?? "";
    expect(at("mosquitto") < at("homeassistant")).toBe(true);
    expect(at("mosquitto") < at("frigate")).toBe(true);

    const log = report.hosts[1]?.log ?? "";
    expect(await on(lab, "nas", `cat ${log}`)).toMatch(/deploy: forgejo is healthy/);
    expect(await on(lab, "nas", `ls ${DEPLOYING} ${LOCK} 2>&1 || :`)).not.toMatch(/^\//m);
  });

  it("has nothing to do the second time, and restarts nothing", async () => {
    const [before, nas] = [await starts(), await record("nas")];
    const report = await afterOutage();
    expect(report.exitCode).toBe(0);
    expect(report.hosts.map(({ outcome }) => outcome)).toEqual(["nothing", "nothing", "nothing"]);
    expect(await starts()).toEqual(before);
    expect((await record("nas")).began).toBe(nas.began);
  });

  it("that is killed while a host boots leaves a boot that goes on, and a lock that the next run takes over", async () => {
    const { began } = await record("docker-vm");
    await on(lab, "docker-vm", "docker kill vaultwarden");
    const args = ["cli/homelab.mjs", "deploy", "docker-vm", "--after-outage"];
    const { settings, env } = lab;
    const child = spawn(process.execPath, args, {
      ...{ cwd: settings.checkout, env: { ...process.env, ...env }, stdio: "ignore" },
    });
    const ended = once(child, "exit");
    while ((await record("docker-vm")).began === began) await delay(200);
    child.kill("SIGKILL");
    expect(await ended).toEqual([null, "SIGKILL"]);
    expect(await on(lab, "docker-vm", `ls ${LOCK}`)).toBe(LOCK);

    const report = await afterOutage("docker-vm");
    expect(report, JSON.stringify(report)).toMatchObject({ exitCode: 0 });
    expect(await notHealthy("docker-vm")).toEqual([]);
    expect(await on(lab, "docker-vm", `ls ${LOCK} ${DEPLOYING} 2>&1 || :`)).not.toMatch(/^\//m);
  });

  it("names who is held back by a NAS that is away, brings back the rest, and keeps the orchestrator from nothing afterwards", async () => {
    const host = await declaredHost(lab, "docker-vm");
    await withPlan({ settings: lab.settings, host }, async (text) => {
      await on(lab, "docker-vm", withShortLimits(text));
      await setExports(lab.settings, "absent");
      await on(lab, "docker-vm", "docker kill vaultwarden");
      const report = await afterOutage("docker-vm");
      expect(report, JSON.stringify(report)).toMatchObject({ exitCode: 1 });
      const { held } = mountNeeds(host);
      expect(await notHealthy("docker-vm")).toEqual(held);
      const message = report.hosts[0]?.error?.message ?? "";
      for (const name of held) expect(message).toContain(`\n${name} is held back by `);
      expect(report.hosts[0]?.cause).toContain("gate:nas-");
    });
    // The folders are served again.
    while ((await notHealthy("docker-vm")).length > 0) await delay(1000);
  });
});

/** A script that writes the plan with short limits of its mounts. */
function withShortLimits(text: string): string {
  const path = desiredPlan("docker-vm");
  const { plan } = parsePlan(text, path);
  const gates = plan.gates.map((gate) =>
    gate.condition.kind === "mount" ? { ...gate, limitSeconds: MOUNT_LIMIT_SECONDS } : gate,
  );
  return `cat > ${path}.new <<'END'\n${serializePlan({ ...plan, gates })}\nEND\nmv ${path}.new ${path}`;
}
