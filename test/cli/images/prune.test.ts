import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pruneText } from "../../../cli/images/prune-text.ts";
import { pruneReportSchema, type HostPrune } from "../../../deploy/images/prune-report.ts";
import { projectFolder } from "../support/project-folder.ts";
import { runHomelab } from "../support/run-homelab.ts";

describe("homelab images prune", () => {
  it("says of each host that is away that it is, removes nothing, and exits 1", async () => {
    const folder = projectFolder();
    const config = join(folder, "ssh-config");
    // A connection that ends before it begins; no packet is sent.
    writeFileSync(config, "Host *\n  ProxyCommand false\n");
    const { exitCode, stdout } = await runHomelab(["images", "prune", "nas", "vps", "--json"], {
      PULUMI_OPTION_CWD: folder,
      HOMELAB_SSH_CONFIG: config,
    });
    expect(exitCode).toBe(1);
    const { hosts } = pruneReportSchema.parse(JSON.parse(stdout));
    expect(hosts.map(({ host, outcome, removed }) => [host, outcome, removed])).toEqual([
      ["vps", "away", []],
      ["nas", "away", []],
    ]);
  });

  it.each(["0", "-1", "all"])("refuses to keep %s deployments", async (keep) => {
    expect((await runHomelab(["images", "prune", `--keep=${keep}`])).stderr).toContain("HL-USAGE");
  });
});

describe("what a person reads of old images", () => {
  const host: HostPrune = {
    host: "nas",
    outcome: "planned",
    problem: null,
    removed: [{ names: [`ghcr.io/a/app@sha256:${"1".repeat(64)}`], bytes: 3 * 1024 ** 2 }],
    stayed: [],
    bytes: 3 * 1024 ** 2,
    kept: 12,
    foreign: [{ names: ["mine:latest"], bytes: 1 }],
    reach: {
      deployments: 3,
      since: "2026-03-02T10:00:00.000Z",
      missing: "ghcr.io/a/app:1@sha256:1",
    },
  };

  it("is what goes, what is left alone, and how far a rollback reaches without a network", () => {
    expect(pruneText([host])).toBe(
      [
        "nas: 1 image, at most 3.0 MiB to remove",
        "GOES                               AT MOST",
        "ghcr.io/a/app@sha256:111111111111  3.0 MiB",
        "12 images of ours stay. Going back needs no network to the last 3 deployments, since 2026-03-02T10:00:00Z. The one before lacks ghcr.io/a/app:1.",
        "left alone, nothing here ever named it: mine:latest",
        "",
      ].join("\n"),
    );
  });

  it("is that nothing is kept for a rollback where there is no receipt", () => {
    const reach = { deployments: 0, since: null, missing: null };
    expect(pruneText([{ ...host, reach }])).toContain("There is no receipt");
  });

  it("is why nothing was removed, and what the engine did not give away", () => {
    const nothing = { removed: [], reach: null, foreign: [], bytes: 0 };
    const unsure = pruneText([{ ...host, ...nothing, outcome: "unsure", problem: "it is torn" }]);
    expect(unsure).toBe("nas: NOT KNOWN: it is torn\nNothing was removed.\n");
    const stayed = [{ names: ["a@sha256:1"], bytes: 1, problem: "conflict" }];
    const failed = { ...host, outcome: "failed", stayed, problem: "1 of 2 stayed" } as const;
    expect(pruneText([failed])).toContain("stayed: a@sha256:1 (conflict)");
  });
});
