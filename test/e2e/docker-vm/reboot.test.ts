import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setExports } from "../../../sandbox/mounts.ts";
import { containers, homelab, on, openLab, preview, type Lab } from "../support/lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => setExports(lab.settings, "served"));

/** Services that cannot run without a folder of the NAS. */
const NEED_THE_NAS = ["immich-server", "jellyfin", "qbittorrent", "radarr", "sonarr"];

async function cutPower(): Promise<void> {
  const { code, output } = await homelab(lab, ["sandbox", "reboot", "docker-vm"]);
  expect(code, output).toBe(0);
}

async function healthy(): Promise<string[]> {
  const all = await containers(lab, "docker-vm");
  return [...all].flatMap(([name, status]) => (status.includes("(healthy)") ? [name] : [])).sort();
}

function eventually(what: () => Promise<unknown>) {
  return expect.poll(what, { timeout: 240_000, interval: 2_000 });
}

describe("the Docker VM after a power cut", () => {
  it("is whole again by itself, without a crash loop and without a difference to its declarations", async () => {
    await cutPower();
    await eventually(async () => (await healthy()).length).toBe(36);
    await eventually(() =>
      on(lab, "docker-vm", "systemctl is-active docker-boot-orchestrator"),
    ).toBe("active");
    const journal = await on(lab, "docker-vm", "journalctl -b -u docker-boot-orchestrator -o cat");
    expect(journal).toMatch(/36 of 36 services healthy/);
    const restarts = await on(
      lab,
      "docker-vm",
      "docker ps --quiet | xargs docker inspect --format '{{.RestartCount}}' | sort -n | tail -n 1",
    );
    expect(Number(restarts)).toBeLessThan(3);
    const { code, output } = await preview(lab, "docker-vm", ["--expect-no-changes"]);
    expect(code, output).toBe(0);
  });

  it("starts all that can run without the NAS while it is away, writes nothing where it should be mounted, and goes on when it is back", async () => {
    await setExports(lab.settings, "absent");
    await cutPower();
    await eventually(healthy).toEqual(
      expect.arrayContaining(["paperless-ngx", "grafana", "caddy"]),
    );
    const without = await healthy();
    for (const name of NEED_THE_NAS) expect(without).not.toContain(name);
    const below = await on(lab, "docker-vm", "find /mnt/nas -xdev -type f | wc -l");
    expect(below).toBe("0");

    await setExports(lab.settings, "served");
    await eventually(async () => (await healthy()).length).toBe(36);
  });
});
