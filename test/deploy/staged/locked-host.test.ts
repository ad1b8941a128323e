import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { underLocks } from "../../../deploy/staged/locked-host.ts";
import { placesBelow } from "../../../deploy/staged/places.ts";
import { HOSTS } from "../../../model/host-names.ts";

afterEach(() => vi.unstubAllEnvs());

/** A way to each host that ends once a way to all of them was sought, and no packet is sent. */
function awayTogether(): string {
  const folder = mkdtempSync(join(tmpdir(), "homelab-away-"));
  const config = join(folder, "config");
  const all = `until [ $(ls ${folder}/sought | wc -l) = ${HOSTS.length} ]; do sleep 0.1; done`;
  writeFileSync(
    config,
    `Host *\n  ProxyCommand sh -c 'mkdir -p ${folder}/sought; touch ${folder}/sought/%n; ${all}; touch ${folder}/together; exit 1'\n`,
  );
  vi.stubEnv("HOMELAB_SSH_CONFIG", config);
  return folder;
}

describe("the locks of hosts", { timeout: 120_000 }, () => {
  it("cost the time of one host that is away, however many are, and each has its row", async () => {
    const folder = awayTogether();
    const report = await underLocks(
      HOSTS,
      {
        places: placesBelow("/opt/homelab"),
        why: { commit: "c", reason: "deploy" },
        again: (host) => `npx homelab deploy ${host}`,
      },
      (locked) => {
        expect(locked).toEqual([]);
        return Promise.resolve(new Map());
      },
      () => undefined,
    );
    expect(readdirSync(folder)).toContain("together");
    expect(report.exitCode).toBe(1);
    expect(report.hosts.map(({ host, error }) => [host, error?.code])).toEqual(
      HOSTS.map((host) => [host, "HL-UNREACHABLE"]),
    );
    expect(report.hosts[0]?.next).toBe("npx homelab deploy vps");
  });
});
