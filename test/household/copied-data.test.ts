import { describe, expect, it } from "vitest";
import type { HostDeclaration } from "../../model/declaration.ts";
import { findProblems } from "../../model/validate.ts";
import { IMAGE_CONTRACTS, hostNamed, hosts, service } from "../support/fleet.ts";

/** What the homelab's own notes say must never be lost: place and the job that copies it. */
const NEVER_LOSE = [
  ["vps", "headscale-data", "headscale-backup"],
  ["vps", "adguard-conf", "headscale-backup"],
  ["vps", "uptime-kuma-data", "headscale-backup"],
  ["vps", "ntfy-config", "headscale-backup"],
  ["nas", "rclone-config", "coolify-backup"],
  ["nas", "/srv/forgejo", "forgejo-backup"],
  ["nas", "/srv/data", "forgejo-backup"],
  ["nas", "/srv/sync", "forgejo-backup"],
  ["nas", "/data/coolify/backups", "coolify-backup"],
  ["nas", "/data/coolify/ssh/keys", "coolify-backup"],
  ["nas", "/data/coolify/source", "coolify-backup"],
  ["nas", "javya-postgres-data", "coolify-backup"],
  ["docker-vm", "pihole-config", "pihole-backup"],
  ["docker-vm", "homeassistant-config", "homeassistant-backup"],
  ["docker-vm", "mosquitto-config", "homeassistant-backup"],
  ["docker-vm", "vaultwarden-data", "vaultwarden-backup"],
  ["docker-vm", "authelia-data", "authelia-backup"],
  ["docker-vm", "paperless-media", "paperless-backup"],
  ["docker-vm", "paperless-db-data", "paperless-backup"],
  ["docker-vm", "immich-upload", "immich-backup"],
  ["docker-vm", "immich-db-data", "immich-backup"],
] as const;

/** What those notes do not name, and is copied all the same. */
const ALSO_COPIED = [
  ["vps", "caddy-data", "headscale-backup"],
  ["vps", "changedetection-data", "headscale-backup"],
  ["nas", "syncthing-config", "coolify-backup"],
  ["docker-vm", "mosquitto-data", "homeassistant-backup"],
  ["docker-vm", "frigate-config", "vaultwarden-backup"],
  ["docker-vm", "jellyfin-config", "caddy-backup"],
  ["docker-vm", "prowlarr-config", "caddy-backup"],
  ["docker-vm", "qbittorrent-config", "caddy-backup"],
  ["docker-vm", "sonarr-config", "caddy-backup"],
  ["docker-vm", "radarr-config", "caddy-backup"],
] as const;

describe("data that must not be lost", () => {
  it.each([...NEVER_LOSE, ...ALSO_COPIED])("%s: %s is copied by %s", (host, data, job) => {
    expect(service(`${host}/${job}`).backup?.protects).toContain(data);
  });

  it("is declared so, for every volume of the list", () => {
    for (const [host, name] of NEVER_LOSE.filter(([, data]) => !data.startsWith("/"))) {
      const volume = hostNamed(host).volumes.find((one) => one.name === name);
      expect(volume, name).toMatchObject({ name, neverLose: true });
      expect(volume, name).not.toHaveProperty("notCopied");
    }
  });

  it("is mounted into the job that copies it, read-only, where it has files", () => {
    for (const { services } of hosts) {
      for (const { name, backup, mounts = [] } of services) {
        const read = mounts.flatMap((mount) =>
          mount.kind !== "tmpfs" && mount.readOnly
            ? [mount.kind === "volume" ? mount.volume : mount.source]
            : [],
        );
        const dumped = (backup?.protects ?? []).filter((data) => !read.includes(data));
        for (const data of dumped) expect(data, name).toMatch(/-(db|postgres)-data$/);
      }
    }
  });

  it("is sent to the restic server of the NAS by every job", () => {
    for (const { services } of hosts) {
      for (const { files = [], backup } of services) {
        if (!backup) continue;
        const url = files.find(({ target }) => target.endsWith("restic-repository"))?.content;
        expect(JSON.stringify(url)).toMatch(
          /rest:http:.*\{\{.*@(\{\{value:restic-address|.*:8000)/,
        );
      }
    }
  });
});

/** The Docker VM with something changed. */
function changed(change: (host: HostDeclaration) => Partial<HostDeclaration>): string[] {
  const others = hosts.filter(({ host }) => host !== "docker-vm");
  const host = hostNamed("docker-vm");
  return findProblems([...others, { ...host, ...change(host) }], IMAGE_CONTRACTS).map(
    ({ path, message }) => `${path}: ${message}`,
  );
}

describe("a declaration of data without a job", () => {
  it("is not there today", () => {
    expect(findProblems(hosts, IMAGE_CONTRACTS)).toEqual([]);
  });

  it("is rejected with its path", () => {
    const problems = changed(({ volumes }) => ({ volumes: [...volumes, { name: "new-data" }] }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^docker-vm\.volumes\.new-data: no backup job copies it; /);
  });

  it("is accepted with the reason why it may be lost", () => {
    const cache = { name: "new-cache", notCopied: "downloaded anew" };
    expect(changed(({ volumes }) => ({ volumes: [...volumes, cache] }))).toEqual([]);
  });

  it("is rejected in spite of a reason when the data must never be lost", () => {
    const precious = { name: "new-data", neverLose: true, notCopied: "too large" };
    const [problem] = changed(({ volumes }) => ({ volumes: [...volumes, precious] }));
    expect(problem).toMatch(/^docker-vm\.volumes\.new-data: must never be lost/);
  });

  it("is rejected for a folder that a container writes", () => {
    const [problem] = changed(({ services }) => ({
      services: services.map((one) =>
        one.name === "bentopdf"
          ? { ...one, mounts: [{ kind: "bind", source: "/srv/pdf", target: "/pdf" } as const] }
          : one,
      ),
    }));
    expect(problem).toMatch(/^docker-vm\.bentopdf\.mounts\[0\]: no backup job copies \/srv\/pdf/);
  });

  it("is rejected when its job goes", () => {
    const problems = changed(({ services }) => ({
      services: services.filter(({ name }) => name !== "vaultwarden-backup"),
    }));
    expect(problems.some((text) => text.startsWith("docker-vm.volumes.vaultwarden-data"))).toBe(
      true,
    );
  });
});
