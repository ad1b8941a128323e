/**
 * The deployment-order page, section by section, against the declarations; what it says of single
 * services is in deployment-order-services.test.ts. Where the declarations differ, because the page
 * contradicts its own compose files or was mended, the title ends with the number of the row of
 * docs/order.md that gives the reason.
 */
import { describe, expect, it } from "vitest";
import { meshRecords } from "../../components/edge/mesh-records.plan.ts";
import { headscaleConfig } from "../../components/networking/headscale-config.plan.ts";
import { nfsExports } from "../../components/storage/nfs-exports.plan.ts";
import { EXPORTED_FOLDERS } from "../../household/folders.ts";
import { BOOT_UNIT } from "../../model/boot.ts";
import { buildGraph } from "../../model/graph.ts";
import { HOSTS } from "../../model/host-names.ts";
import { hostPlan } from "../../model/host-plan.ts";
import { breakageWithout, phaseViolations } from "../../model/orders.ts";
import { secretsUsedBy } from "../../model/host-secrets.ts";
import { findProblems } from "../../model/validate.ts";
import {
  SECRETS,
  IMAGE_CONTRACTS,
  hostNamed,
  hostNetworks,
  hosts,
  needs,
  networks,
  secretFiles,
  service,
  servicesOf,
  stacksInOrder,
  stacksOn,
} from "../support/fleet.ts";
import { site } from "../support/site.ts";

const graph = buildGraph(hosts);
const vm = hostNamed("docker-vm");

describe("Boot orchestrator (Docker VM)", () => {
  const { gates } = hostPlan(vm, { version: 1, images: {} }, "");
  const mounts = gates.filter(({ condition }) => condition.kind === "mount");

  it("is docker-boot-orchestrator.service", () => {
    expect(BOOT_UNIT).toBe("docker-boot-orchestrator.service");
  });

  it("waits 300 s for /mnt/nas/frigate, and likewise for the other mounts (difference 13)", () => {
    expect(mounts.map(({ name, limitSeconds }) => [name, limitSeconds])).toEqual([
      ["nas-frigate", 300],
      ["nas-media", 300],
      ["nas-downloads", 300],
      ["nas-photos", 300],
    ]);
  });

  it("goes on without the Frigate mount, and holds back who cannot run (difference 13)", () => {
    expect(breakageWithout(graph, "docker-vm/gate:nas-frigate")).toEqual({
      broken: [],
      degraded: ["docker-vm/frigate"],
    });
    const broken = (gate: string) =>
      breakageWithout(graph, `docker-vm/gate:${gate}`).broken.map((id) => id.slice(10));
    expect(broken("nas-media")).toEqual(["jellyfin", "radarr", "sonarr"]);
    expect(broken("nas-downloads")).toEqual(["qbittorrent", "radarr", "sonarr"]);
    expect(broken("nas-photos")).toEqual(["immich-server"]);
  });

  it("starts the Docker VM in phases 4 to 13", () => {
    const phases = vm.services.map(({ phase }) => phase);
    expect(phases).toEqual([...phases].sort((a, b) => a - b));
    expect([...new Set(phases)]).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(phaseViolations(graph)).toEqual([]);
  });

  it("needs no name resolution for that: nothing waits for a Pi-hole (difference 36)", () => {
    expect(graph.edges.filter(({ to }) => to.endsWith("/pihole")).map(({ from }) => from)).toEqual([
      "docker-vm/watchtower",
    ]);
  });
});

describe("Docker network dependencies", () => {
  const outside = (network: string, creator: string) =>
    stacksOn("docker-vm", network).filter((stack) => stack !== creator);

  it("caddy-net | networking/caddy | auth, tools, documents, photos, and security (difference 4); monitoring over a network of its own (difference 41)", () => {
    expect(outside("caddy-net", "networking/caddy").join(", ")).toBe(
      "security, auth, tools, documents, photos",
    );
    expect(outside("vouched-net", "networking/caddy")).toEqual(["monitoring"]);
  });

  it("mqtt-net | automation | security (frigate)", () => {
    expect(outside("mqtt-net", "automation")).toEqual(["security"]);
    expect(networks("docker-vm/frigate")).toContain("mqtt-net");
  });

  it("monitoring-net | monitoring | (internal only)", () => {
    expect(outside("monitoring-net", "monitoring")).toEqual([]);
  });

  it("security-net, not on the page | security | networking/caddy (difference 5)", () => {
    expect(outside("security-net", "security")).toEqual(["networking/caddy"]);
  });

  it("headscale-net, adguard-net, backup-net, coolify, not on the page (difference 6)", () => {
    expect(stacksOn("vps", "headscale-net")).toContain("networking/caddy");
    expect(stacksOn("vps", "adguard-net")).toEqual(["networking/adguard", "networking/caddy"]);
    expect(stacksOn("nas", "backup-net")).toEqual(["backup", "paas"]);
    expect(stacksOn("nas", "coolify")).toEqual(["javya"]);
  });

  it("no stack has to start before another because of a network (difference 1)", () => {
    for (const { host, services } of hosts) {
      const used = services.flatMap((one) => one.networks.map(({ name }) => name));
      expect(hostNetworks(host)).toEqual(expect.arrayContaining(used));
    }
    expect(findProblems(hosts, IMAGE_CONTRACTS)).toEqual([]);
  });
});

describe("Deployment commands by phase", () => {
  it("ssh vps: Headscale, AdGuard with Unbound, Caddy, Pi-hole, DERP, monitoring, scraping, backup", () => {
    expect(stacksInOrder("vps").join(", ")).toBe(
      "1 networking/headscale, 1 networking/adguard, 1 networking/caddy, 1 networking/pihole, 1 networking/derp, 1 monitoring, 1 scraping, 1 backup",
    );
    expect(servicesOf("vps", "monitoring")).toEqual(["ntfy", "uptime-kuma"]);
  });

  it("Headscale FIRST: it needs nothing, and the VPS's Caddy waits for it", () => {
    expect(needs("vps/headscale")).toEqual([]);
    expect(needs("vps/caddy")).toContain("headscale started");
  });

  it("AdGuard must start before Caddy: an edge, and no comment (difference 16)", () => {
    expect(needs("vps/adguard")).toContain("unbound healthy");
    expect(needs("vps/caddy")).toContain("adguard healthy softly");
  });

  it("Caddy is step 3 and monitoring step 6, which its networks allow now (difference 2)", () => {
    expect(networks("vps/caddy")).toContain("monitoring-net");
    expect(needs("vps/caddy").join()).not.toMatch(/ntfy|uptime-kuma/);
  });

  it("ssh nas: backup, git, storage, monitoring, PaaS, and Javya behind it (difference 18)", () => {
    expect(stacksInOrder("nas").join(", ")).toBe(
      "2 backup, 2 git, 2 storage, 2 monitoring, 2 paas, 2 javya",
    );
    expect(servicesOf("nas", "storage")).toEqual(["samba", "syncthing"]);
  });

  it("Coolify has a start command of its own (difference 40)", () => {
    const [coolify] = hostNamed("nas").externals ?? [];
    expect(coolify?.folder).toBe("/data/coolify/source");
    expect(coolify?.start.join(" ")).toBe(
      "docker start coolify-db coolify-redis coolify-realtime coolify coolify-proxy",
    );
  });

  it("ssh docker-vm: the eleven stacks in phases 4 to 13 (difference 11)", () => {
    expect(stacksInOrder("docker-vm").join(", ")).toBe(
      "4 networking/pihole, 4 networking/caddy, 5 automation, 6 security, 7 auth, 8 tools, 9 documents, 10 monitoring, 11 photos, 12 media, 13 maintenance",
    );
    expect(service("docker-vm/vaultwarden").phase).toBe(6);
  });

  it("wait for Mosquitto to be healthy: who needs it, and nobody else (difference 33)", () => {
    const waiting = graph.edges.filter(
      ({ to, strength }) => to === "docker-vm/mosquitto" && strength === "hard",
    );
    expect(waiting.map(({ from, condition }) => [from, condition])).toEqual([
      ["docker-vm/homeassistant", "healthy"],
      ["docker-vm/frigate", "healthy"],
    ]);
  });

  it("hosts: VPS, NAS, Docker VM, as the commands say (difference 34)", () => {
    expect(HOSTS).toEqual(["vps", "nas", "docker-vm"]);
    const rank = (id: string) => HOSTS.findIndex((host) => id.startsWith(`${host}/`));
    for (const { from, to } of graph.edges) expect(rank(to)).toBeLessThanOrEqual(rank(from));
  });
});

describe("Network topology", () => {
  it("Internet → VPS: the only host that publishes sites for everybody", () => {
    const open = hostNamed("vps").services.flatMap(({ ports = [] }) =>
      ports.filter(({ bind }) => bind === "0.0.0.0").map(({ host }) => host),
    );
    expect([...new Set(open)].sort((a, b) => a - b)).toEqual([80, 443, 3478]);
  });

  it("mesh: each of the three hosts has an address in it, and a name for it", () => {
    const names = meshRecords(site, hosts).map(({ name, value }) => `${name} ${value}`);
    for (const host of ["nas", "docker-vm"] as const) {
      expect(names).toContain(`${host}.${site.domain} ${site.hosts[host].mesh}`);
    }
    expect(headscaleConfig(site)).toContain(`- ${site.hosts.vps.mesh}`);
  });
});

describe("Pre-deployment checklist", () => {
  it("mesh is operational: a gate, where a service listens on the mesh address", () => {
    expect(hostNamed("vps").gates).toContainEqual(
      expect.objectContaining({ kind: "mesh", address: site.hosts.vps.mesh }),
    );
  });

  it("NFS mounts /mnt/nas/frigate, media, downloads, and photos (difference 12)", () => {
    const mounts = vm.gates.flatMap((gate) => (gate.kind === "mount" ? [gate.path] : []));
    expect(mounts).toEqual(
      ["frigate", "media", "downloads", "photos"].map((at) => `/mnt/nas/${at}`),
    );
    const exported = nfsExports(site, EXPORTED_FOLDERS).map(({ path }) => path);
    for (const gate of vm.gates) {
      if (gate.kind === "mount") expect(exported).toContain(gate.source.split(":")[1]);
    }
  });

  it(".env files and secrets: each secret is generated, or asked of a person (difference 38)", () => {
    for (const host of hosts) {
      for (const name of secretsUsedBy(host)) {
        expect(["generated", "person"], name).toContain(SECRETS[name]?.origin.kind);
      }
    }
  });

  it("ntfy-token file for Alertmanager", () => {
    expect(secretFiles("docker-vm/alertmanager")).toEqual(["ntfy-token"]);
  });

  it("Watchtower has its login at ntfy", () => {
    expect(secretFiles("docker-vm/watchtower")).toEqual(["ntfy-watchtower-password"]);
  });
});
