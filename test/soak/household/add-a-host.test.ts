// docs/guides/add-a-host.md, done in a copy of the checkout and deployed to the four machines that
// the copy's sandbox makes of its hosts.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseBootRecord } from "../../../model/boot-record.ts";
import { BOOT_RECORD_FILE } from "../../../model/paths.ts";
import { Connection } from "../../../programs/uptime/connection.ts";
import type { MachineName } from "../../../sandbox/addresses.ts";
import { pulumiEnvironment } from "../../../sandbox/project.ts";
import { programFolder } from "../../../sandbox/toolchain.ts";
import { onOwn, own, OWN_ENVIRONMENT } from "../../e2e/sandbox/own-sandbox.ts";
import { forwardedPort } from "../../e2e/support/forwarded-port.ts";
import { pulumi, type Lab } from "../../e2e/support/lab.ts";
import { copyOfCheckout, follow, stepsOf } from "../../support/guide-steps.ts";
import { CHECKOUT } from "../../support/rooms.ts";

/** A machine of the copy's sandbox, which this checkout's hosts do not name. */
const ATTIC = "attic" as string as MachineName;

const GUIDE = "docs/guides/add-a-host.md";
const MESH_ADDRESS = "100.64.0.4";

let folder: string;
let lab: Lab;

beforeAll(async () => {
  folder = copyOfCheckout();
  follow(folder, stepsOf(await readFile(join(CHECKOUT, GUIDE), "utf8")));
  const deployed = await homelab("sandbox", "up", "--deploy");
  if (deployed.exitCode !== 0) throw new Error(deployed.all.slice(-6000));
  const programs = await programFolder(own, "pulumi");
  lab = {
    settings: own,
    env: { ...pulumiEnvironment(own), PATH: `${programs}:${process.env["PATH"] ?? ""}` },
  };
});

afterAll(async () => {
  await homelab("sandbox", "down");
  await rm(folder, { recursive: true, force: true });
});

/** Runs `homelab …` from the copy, as a person does in a shell with the sandbox's environment. */
function homelab(...words: string[]) {
  return execa("node", ["cli/homelab.mjs", ...words], {
    cwd: folder,
    env: { ...pulumiEnvironment(own), ...OWN_ENVIRONMENT, NO_COLOR: "1" },
    all: true,
    reject: false,
  });
}

/** Runs a shell script on a machine and answers its output; fails when it fails. */
function on(machine: MachineName, script: string): Promise<string> {
  return onOwn(machine, "sh", "-c", script);
}

/** What VictoriaMetrics answers to a question about the newest values. */
function measured(question: string): Promise<string> {
  const url = `http://127.0.0.1:8428/api/v1/query?query=${encodeURIComponent(question)}`;
  return on("docker-vm", `docker exec victoriametrics wget -qO- '${url}'`);
}

describe("the host that the guide adds, deployed", () => {
  it("is the fourth machine of the sandbox, in which every container of every host is healthy", async () => {
    const { stdout } = await homelab("sandbox", "status", "--json");
    const { machines } = JSON.parse(stdout) as {
      machines: { machine: string; containers: { total: number; healthy: number } }[];
    };
    expect(machines.map(({ machine }) => machine)).toEqual(["vps", "nas", "docker-vm", "attic"]);
    for (const { machine, containers } of machines) {
      expect(containers.total, machine).toBeGreaterThan(0);
      expect(containers.healthy, machine).toBe(containers.total);
    }
    expect(await on(ATTIC, "docker ps --all --format '{{.Names}} {{.Status}}'")).toMatch(
      /^glances .*\(healthy\)$/,
    );
  });

  it("is a member of the mesh, which names it and opens the ports of its probes and no other", async () => {
    expect(await on("docker-vm", "tailscale status")).toMatch(/^100\.64\.0\.4 +attic\b/m);
    const listen = "require('net').createServer().listen(7777)";
    await on(ATTIC, `systemd-run --quiet --unit=unasked node -e "${listen}"`);
    const reach = (port: number) =>
      `nc -z -w 5 attic.homelab.test ${port} && echo open || echo shut`;
    expect(await on("vps", reach(61208))).toBe("open");
    expect(await on("vps", reach(7777))).toBe("shut");
  });

  it("is pinged and probed by Uptime Kuma, at an address that answers there", async () => {
    const asked = ["config", "get", "homelab:uptime-kuma-password", "--stack", "vps"];
    const { output } = await pulumi(lab, asked);
    const port = await forwardedPort(lab, "vps", 3001);
    const connection = await Connection.open(`http://127.0.0.1:${port.number}`);
    try {
      await connection.signIn({ user: "admin", password: output.trim() }, undefined);
      const url = `http://${MESH_ADDRESS}:61208/api/4/cpu`;
      const about = (await connection.monitors()).filter((monitor) =>
        String(monitor["description"]).startsWith("homelab: attic"),
      );
      expect(about).toMatchObject([
        { name: "Glances (attic)", type: "keyword", url },
        { name: "Attic", type: "ping", hostname: MESH_ADDRESS },
      ]);
      expect(await on("vps", `curl --silent --fail --output /dev/null ${url} && echo yes`)).toBe(
        "yes",
      );
      expect(await on("vps", `ping -c 1 -W 5 ${MESH_ADDRESS} > /dev/null && echo yes`)).toBe("yes");
    } finally {
      connection.close();
      await port.close();
    }
  });

  it("is read by vmagent over the mesh, as soon as there is a node exporter", async () => {
    const serve =
      "require('http').createServer((_, a) => a.end('node_load1 0.25\\n')).listen(9100)";
    await on(ATTIC, `systemd-run --quiet --unit=exporter node -e "${serve}"`);
    await expect
      .poll(() => measured('node_load1{job="node-attic",host="attic"}'), {
        timeout: 120_000,
        interval: 3_000,
      })
      .toContain(',"0.25"]');
  });

  it("is found in order by check, and nothing on it differs from what is declared", async () => {
    const { stdout } = await homelab("check", "attic", "--json");
    const { rows } = JSON.parse(stdout) as { rows: { check: string; state: string }[] };
    expect(rows.filter(({ state }) => state === "failure")).toEqual([]);
    for (const check of ["ssh", "docker", "node", "containers"]) {
      expect(rows).toContainEqual(expect.objectContaining({ check, state: "ok" }));
    }
    const drift = await homelab("drift", "attic");
    expect(drift.exitCode, drift.all).toBe(0);
    const preview = await pulumi(lab, ["preview", "--expect-no-changes", "--stack", "attic"]);
    expect(preview.code, preview.output).toBe(0);
  });

  it("has a plan to boot by, and boots by it after a power cut", async () => {
    const plan = JSON.parse(await on(ATTIC, "cat /opt/homelab/desired/attic.json")) as {
      gates: { name: string }[];
      services: { name: string }[];
    };
    expect(plan.gates.map(({ name }) => name)).toEqual(["mesh"]);
    expect(plan.services.map(({ name }) => name)).toEqual(["glances"]);
    const before = await on(ATTIC, "docker inspect --format '{{.State.StartedAt}}' glances");
    const rebooted = await homelab("sandbox", "reboot", "attic");
    expect(rebooted.exitCode, rebooted.all).toBe(0);
    const state = async () => {
      const text = await on(ATTIC, `cat ${BOOT_RECORD_FILE}`);
      const health = await on(
        ATTIC,
        "docker inspect --format '{{.State.Health.Status}} {{.State.StartedAt}}' glances",
      );
      const found = parseBootRecord(text)?.services["glances"]?.state;
      return { found, again: health.startsWith("healthy ") && !health.endsWith(before) };
    };
    await expect
      .poll(state, { timeout: 300_000, interval: 3_000 })
      .toEqual({ found: "healthy", again: true });
  });

  it("is known to the control plane, like the others", async () => {
    const status = await homelab("status");
    expect(status.all).toContain("attic");
  });
});
