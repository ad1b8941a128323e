import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { driftReportSchema } from "../../deploy/drift/rows.ts";
import { projectFolder } from "./support/project-folder.ts";
import { runHomelab } from "./support/run-homelab.ts";

describe("homelab drift", () => {
  it("says of each host that is away that it is, and exits 1", async () => {
    const folder = projectFolder();
    const config = join(folder, "ssh-config");
    // A connection that ends before it begins; no packet is sent.
    writeFileSync(config, "Host *\n  ProxyCommand false\n");
    const run = await runHomelab(["drift", "nas", "vps", "--json"], {
      PULUMI_OPTION_CWD: folder,
      HOMELAB_SSH_CONFIG: config,
    });
    expect(run.exitCode).toBe(1);
    const { hosts } = driftReportSchema.parse(JSON.parse(run.stdout));
    expect(hosts.map(({ host, verdict }) => `${host} ${verdict}`)).toEqual([
      "vps unknown",
      "nas unknown",
    ]);
    expect(hosts.flatMap(({ rows }) => rows)).toMatchObject([
      { host: "vps", kind: "host", change: "away", field: "ssh" },
      { host: "nas", kind: "host", change: "away", field: "ssh" },
    ]);
  }, 60_000);

  it("refuses a word that is no host", async () => {
    const run = await runHomelab(["drift", "laptop"]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("HL-USAGE");
  });
});
