import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { overridesReport, type HostOverrides } from "../../cli/overrides/report.ts";
import { overridesTable } from "../../cli/overrides/text.ts";
import { overriddenHost } from "../../compose/override/override.ts";
import { driftReportSchema } from "../../deploy/drift/rows.ts";
import { ofGrafana, overrideOf } from "../compose/override/files.ts";
import { hostNamed } from "../support/fleet.ts";
import { imitateFleet } from "./deploy/imitated-fleet.ts";
import { projectFolder } from "./support/project-folder.ts";
import { runHomelab } from "./support/run-homelab.ts";

/** What is said of the Docker VM when these lines override its Grafana. */
function saidOf(...lines: readonly string[]): HostOverrides {
  const files = overrideOf("grafana", ofGrafana(...lines));
  const { overridden, mistakes } = overriddenHost(hostNamed("docker-vm"), files);
  return { host: "docker-vm", away: null, overridden: [...overridden], mistakes: [...mistakes] };
}

describe("homelab overrides", () => {
  it("lists file, key, and both values", () => {
    const report = overridesReport([saidOf("mem_limit: 1g", "labels: { team: ours }")]);
    expect(report.exitCode).toBe(0);
    expect(overridesTable(report)).toMatch(
      /^docker-vm: 2 overridden\nFILE +KEY +DECLARED +OVERRIDDEN\n\S+grafana\/docker-compose\.override\.yml:4 +labels\.team +- +ours\n\S+:3 +mem_limit +512MiB +1GiB\n$/,
    );
  });

  it("names mistakes and exits 2, and says so where nothing is overridden", () => {
    const nothing = { host: "nas", away: null, overridden: [], mistakes: [] };
    const report = overridesReport([nothing, saidOf("privileged: true")]);
    expect(report.exitCode).toBe(2);
    expect(overridesTable(report)).toMatch(
      /^nas: nothing overridden\n\ndocker-vm: nothing overridden, 1 mistake\nMISTAKE \S+:3:5: /,
    );
  });

  it("says of a host that is away that it is, and exits 1", async () => {
    const folder = projectFolder();
    const config = join(folder, "ssh-config");
    // A connection that ends before it begins; no packet is sent.
    writeFileSync(config, "Host *\n  ProxyCommand false\n");
    const run = await runHomelab(["overrides", "nas"], {
      PULUMI_OPTION_CWD: folder,
      HOMELAB_SSH_CONFIG: config,
    });
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toMatch(/^nas: NOT KNOWN, ssh could not connect/);
  }, 60_000);
});

describe("an override that cannot be", () => {
  it("makes the host one of which drift knows nothing, and says what to look at", async () => {
    const fleet = await imitateFleet();
    const text = Buffer.from("services: { samba: { privileged: true } }").toString("base64");
    const line = `override samba docker-compose.override.yml ok ${text}`;
    fleet.put("look", `${line}\n${fleet.read("look") ?? ""}`);
    const run = await runHomelab(["drift", "nas", "--json"], fleet.env);
    expect(run.exitCode).toBe(1);
    const { hosts } = driftReportSchema.parse(JSON.parse(run.stdout));
    expect(hosts).toMatchObject([
      { verdict: "unknown", rows: [{ change: "away", field: "overrides" }] },
    ]);
    expect(hosts[0]?.rows[0]?.found).toContain(":1:22: services.samba.privileged: ");
    expect(hosts[0]?.hints).toEqual(["npx homelab overrides nas"]);
  }, 120_000);
});
