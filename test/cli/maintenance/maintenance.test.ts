import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { secondsOf } from "../../../cli/maintenance/time.ts";
import { runHomelab } from "../support/run-homelab.ts";

describe("homelab maintenance", () => {
  it("takes a time in minutes, hours or days, and nothing else", () => {
    expect([secondsOf("30m"), secondsOf("2h"), secondsOf("1d")]).toEqual([1800, 7200, 86_400]);
    for (const text of ["", "0m", "2", "2 h", "1w", "h", "-1h", "99999m"]) {
      expect(() => secondsOf(text), text).toThrow("say it as 30m, 2h or 1d");
    }
  });

  it("refuses, before it reaches a host, what makes no sense", async () => {
    for (const [words, message] of [
      [["--end"], "--end needs a host"],
      [["nas", "2h", "--end"], "--end and a time exclude each other"],
      [["nas", "soon"], '"soon" is no time'],
      [["laptop"], '"laptop" is not a host'],
    ] as const) {
      const { exitCode, stderr } = await runHomelab(["maintenance", ...words]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(message);
    }
  });

  it("names each host that it could not ask, and exits 1", async () => {
    const config = join(mkdtempSync(join(tmpdir(), "homelab-ssh-")), "config");
    writeFileSync(config, "Host *\n  ProxyCommand false\n");
    const run = await runHomelab(["maintenance"], { HOMELAB_SSH_CONFIG: config });
    expect(run.exitCode).toBe(1);
    for (const host of ["vps", "nas", "docker-vm"]) {
      expect(run.stderr).toContain(`error HL-UNREACHABLE on ${host}: `);
    }
  });
});
