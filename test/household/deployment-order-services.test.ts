/**
 * What the deployment-order page says of single services, row by row and in its own order, against
 * the declarations, as deployment-order-page.test.ts does with the rest of it.
 */
import { describe, expect, it } from "vitest";
import { buildGraph } from "../../model/graph.ts";
import { breakageWithout } from "../../model/orders.ts";
import { documentedRestart } from "../../household/documented-restart.ts";
import { ESSENTIALS, RESTART_STEPS } from "../../household/restart.plan.ts";
import { hostNamed, hosts, needs, networks, service } from "../support/fleet.ts";

/** Lines of a table as the page has them: cells between bars. */
function rows(table: string): [string, string, string, string][] {
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const [a = "", b = "", c = "", d = ""] = line.split("|").map((cell) => cell.trim());
      return [a, b, c, d];
    });
}

const graph = buildGraph(hosts);
const vm = hostNamed("docker-vm");

/** The lines of a list. */
function words(list: string): string[] {
  return rows(list).map(([line]) => line);
}

describe("Service dependencies", () => {
  it.each(
    rows(`
      vps/headscale           | None | headscale-net |
      vps/caddy               | headscale started, adguard healthy softly | headscale-net, adguard-net, monitoring-net, derp-net | (difference 3)
      vps/pihole              | None | dns-net | (difference 8)
      docker-vm/pihole        | None | pihole-net | (difference 7)
      vps/derp                | headscale healthy softly | derp-net, headscale-net | (difference 15)
      vps/uptime-kuma         | ntfy healthy softly | monitoring-net, dns-net | (difference 37)
      docker-vm/caddy         | None | caddy-net, security-net, media-net, automation-net, vouched-net | (differences 1, 37, 40)
      docker-vm/mosquitto     | None | automation-net, mqtt-net |
      docker-vm/homeassistant | mosquitto healthy | automation-net, mqtt-net |
      docker-vm/frigate       | mosquitto healthy, gate:nas-frigate open softly, gate:dri open softly | security-net, mqtt-net | (difference 13)
      docker-vm/authelia      | caddy started softly | caddy-net | (difference 32)
      docker-vm/vaultwarden   | None | security-net, caddy-net | (difference 4)
      docker-vm/grafana       | victoriametrics healthy | monitoring-net, vouched-net | (difference 41)
      docker-vm/immich-server | immich-db healthy, immich-valkey healthy, gate:nas-photos open, caddy started softly | photos-net, caddy-net | (differences 12, 32)
      docker-vm/paperless-ngx | paperless-db healthy, paperless-redis healthy, caddy started softly | documents-net, caddy-net | (difference 32)
      docker-vm/jellyfin      | gate:nas-media open, gate:dri open softly | media-net |
      docker-vm/sonarr        | prowlarr healthy, qbittorrent started softly, gate:nas-media open, gate:nas-downloads open | media-net | (difference 9)
      docker-vm/radarr        | prowlarr healthy, qbittorrent started softly, gate:nas-media open, gate:nas-downloads open | media-net | (difference 9)
    `),
  )("%s | %s | %s %s", (id, on, joined) => {
    expect(needs(id).join(", ") || "None").toBe(on);
    expect(networks(id).join(", ")).toBe(joined);
  });

  it("Watchtower | All others | maintenance-net, deploy last (differences 20, 37)", () => {
    const others = vm.services.map(({ name }) => name).filter((name) => name !== "watchtower");
    expect(needs("docker-vm/watchtower")).toEqual([
      ...others.map((name) => `${name} started softly`),
      "vps/ntfy healthy softly",
    ]);
    expect(networks("docker-vm/watchtower")).toEqual(["maintenance-net"]);
    expect(vm.services.at(-1)?.name).toBe("watchtower");
  });
});

describe("Critical path", () => {
  const critical = (id: string) => id.includes("/gate:") || service(id).critical === true;

  it("Headscale → Tailscale clients → Pi-hole → Vaultwarden", () => {
    expect(ESSENTIALS).toEqual([
      "vps/headscale",
      "vps/gate:mesh",
      "docker-vm/pihole",
      "docker-vm/vaultwarden",
    ]);
    expect(ESSENTIALS.every(critical)).toBe(true);
  });

  it("without Headscale the mesh has no public door; what runs at home goes on", () => {
    const { broken } = breakageWithout(graph, "vps/headscale");
    expect(broken).toEqual(["vps/caddy", "vps/headscale-backup"]);
  });

  it("without Pi-hole, and without Vaultwarden, no other service stops", () => {
    expect(breakageWithout(graph, "docker-vm/pihole").broken).toEqual([]);
    expect(breakageWithout(graph, "docker-vm/vaultwarden").broken).toEqual([
      "docker-vm/vaultwarden-backup",
    ]);
  });
});

describe("Restart order after an outage", () => {
  const order = documentedRestart(graph, hosts);

  it("is the page's list, Vaultwarden before Mosquitto included (difference 31)", () => {
    expect(RESTART_STEPS.map(({ services }) => services.at(-1))).toEqual(
      words(`
        vps/headscale
        docker-vm/pihole
        vps/caddy
        docker-vm/vaultwarden
        docker-vm/mosquitto
        docker-vm/homeassistant
        docker-vm/frigate
        docker-vm/radarr
        docker-vm/watchtower
      `),
    );
    const named = RESTART_STEPS.flatMap(({ services }) => services);
    expect(order.filter((id) => named.includes(id))).toEqual(named);
  });

  it("begins with Headscale, ends with Watchtower, and leaves no service out", () => {
    expect(order[0]).toBe("vps/headscale");
    expect(order.at(-1)).toBe("docker-vm/watchtower");
    const declared = hosts.flatMap(({ services }) => services);
    expect(new Set(order).size).toBe(declared.length);
  });
});

describe("Stack interdependencies", () => {
  it.each(
    rows(`
      pihole               | standalone |
      mosquitto            | standalone |
      homeassistant        | mosquitto healthy |
      homeassistant-backup | homeassistant healthy |
      vaultwarden          | standalone |
      frigate              | mosquitto healthy, gate:nas-frigate open softly, gate:dri open softly |
      vaultwarden-backup   | vaultwarden healthy |
      authelia             | caddy started softly | (difference 32)
      dozzle               | caddy started softly | (difference 32)
      bentopdf             | caddy started softly | (difference 32)
      homepage             | caddy started softly | (difference 32)
      paperless-db         | standalone |
      paperless-redis      | standalone |
      paperless-backup     | paperless-ngx started | (difference 21)
      victoriametrics      | standalone |
      vmagent              | victoriametrics healthy |
      alertmanager         | vps/ntfy healthy softly | (difference 34)
      vmalert              | victoriametrics healthy, alertmanager healthy |
      cadvisor             | standalone |
      grafana              | victoriametrics healthy |
      immich-db            | standalone |
      immich-valkey        | standalone |
      immich-ml            | standalone |
      immich-backup        | immich-db healthy |
      prowlarr             | standalone |
      qbittorrent          | gate:nas-downloads open | (difference 13)
      jellyfin             | gate:nas-media open, gate:dri open softly |
    `),
  )("%s → %s %s", (name, on) => {
    const own = needs(`docker-vm/${name}`).filter((text) => !text.startsWith("nas/restic-rest"));
    expect(own.join(", ") || "standalone").toBe(on);
  });

  it.each(["dozzle", "homepage", "watchtower"])(
    "%s → requires the Docker socket, read-only",
    (name) => {
      expect(service(`docker-vm/${name}`).mounts).toContainEqual(
        expect.objectContaining({ source: "/var/run/docker.sock", readOnly: true }),
      );
    },
  );

  it("Dozzle, BentoPDF, Homepage, Paperless-ngx, immich-server → caddy-net; Grafana → vouched-net (difference 41)", () => {
    for (const name of ["dozzle", "bentopdf", "homepage", "paperless-ngx", "immich-server"]) {
      expect(networks(`docker-vm/${name}`)).toContain("caddy-net");
    }
    expect(networks("docker-vm/grafana")).toContain("vouched-net");
  });

  it("every sidecar of the Docker VM sends to the NAS, which the page does not list (difference 34)", () => {
    const sidecars = vm.services.filter(({ backup }) => backup !== undefined);
    expect(sidecars.map(({ name }) => name)).toHaveLength(7);
    for (const { name } of sidecars) {
      expect(needs(`docker-vm/${name}`)).toContain("nas/restic-rest healthy softly");
    }
  });
});
