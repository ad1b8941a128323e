/**
 * What the deployment-order page leaves out, or what the documents beside it have otherwise than
 * the compose files. The numbers are rows of docs/order.md.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { derpMap, headscaleConfig } from "../../components/networking/headscale-config.plan.ts";
import { headscaleEnrolment } from "../../components/networking/mesh-enrolment.plan.ts";
import { protectedNames, routesOf, servedBy } from "../../components/edge/routes.plan.ts";
import { nfsExports } from "../../components/storage/nfs-exports.plan.ts";
import { EXPORTED_FOLDERS } from "../../household/folders.ts";
import { hosts, needs, service, servicesOf } from "../support/fleet.ts";
import { site } from "../support/site.ts";

describe("What the page leaves out or has otherwise", () => {
  it("names of containers that it does not mention (difference 17)", () => {
    const ids = hosts.flatMap(({ host, services }) =>
      services.map(({ name }) => `${host}/${name}`),
    );
    expect(ids).toEqual(
      expect.arrayContaining([
        "vps/headscale-backup",
        "vps/playwright",
        "vps/changedetection",
        "nas/offsite-sync",
        "nas/forgejo-backup",
        "nas/coolify-backup",
        "docker-vm/pihole-backup",
        "docker-vm/caddy-backup",
        "docker-vm/authelia-backup",
      ]),
    );
  });

  it("12, 11 and 36 containers (difference 24)", () => {
    expect(hosts.map(({ services }) => services.length)).toEqual([12, 11, 36]);
  });

  it("the media export is writable, as Sonarr and Radarr need it (difference 14)", () => {
    const media = nfsExports(site, EXPORTED_FOLDERS).find(({ path }) => path === "/srv/media");
    expect(media?.options).toMatch(/^rw,/);
  });

  it("the relay is on the mesh's map (difference 15)", () => {
    expect(derpMap(site)).toContain(`derp.${site.domain}`);
  });

  it("the NFS server is the NAS's kernel, and neither Samba nor the backups wait for it (difference 19)", () => {
    for (const id of ["nas/samba", "nas/restic-rest"]) {
      // What they do wait for is their own folders' disk.
      expect(needs(id).filter((need) => !need.startsWith("gate:folder-"))).toEqual([]);
    }
  });

  it("Watchtower may change nothing (difference 20)", () => {
    expect(service("docker-vm/watchtower").env?.["WATCHTOWER_MONITOR_ONLY"]).toBe("true");
    expect(service("docker-vm/watchtower").image).not.toContain("containrrr");
  });

  it("Immich's server and its machine learning have one version (difference 22)", () => {
    const tag = (id: string) => service(id).image.split(":")[1];
    expect(tag("docker-vm/immich-ml")).toBe(tag("docker-vm/immich-server"));
  });

  it("eight sites ask Authelia first (difference 23)", () => {
    expect(protectedNames(site, hosts)).toHaveLength(8);
  });

  it("Javya is a database, a backend and a frontend, and publishes no port (difference 25)", () => {
    expect(servicesOf("nas", "javya")).toEqual(["javya-db", "javya-backend", "javya-frontend"]);
    for (const name of servicesOf("nas", "javya")) {
      expect(service(`nas/${name}`).ports ?? []).toEqual([]);
    }
  });

  it("BentoPDF is published on 8580 of the loopback (difference 26)", () => {
    const [port] = service("docker-vm/bentopdf").ports ?? [];
    expect(port).toMatchObject({ bind: "127.0.0.1", host: 8580, container: 8080 });
  });

  it("Headscale's copies lie where the off-site job looks for them (difference 27)", () => {
    const folder = "/opt/homelab/headscale/backups";
    const mount = service("vps/headscale-backup").mounts?.find(({ kind }) => kind === "bind");
    expect(mount).toMatchObject({ source: folder });
    expect(JSON.stringify(service("nas/offsite-sync").files)).toContain(folder);
  });

  it("the mesh asks the VPS's resolver first, below hs.net (difference 28)", () => {
    expect(headscaleConfig(site)).toContain("base_domain: hs.net");
  });

  it("the VPS's own node reaches Headscale without Caddy (difference 39)", () => {
    const own = { bind: "127.0.0.1", host: 8085, container: 8080, protocol: "tcp" };
    expect(service("vps/headscale").ports).toEqual([own]);
    expect(headscaleEnrolment(site, "vps").server).toBe("http://127.0.0.1:8085");
  });

  it("Frigate's port 5000 is not published; Caddy uses 8971 (difference 29)", () => {
    const frigate = service("docker-vm/frigate");
    expect(frigate.ports?.map(({ container }) => container)).not.toContain(5000);
    expect(frigate.routes).toMatchObject([{ name: "taguato", port: 8971 }]);
  });

  it("vault is served by the Docker VM (difference 30)", () => {
    const vault = routesOf(hosts).find(({ route }) => route.name === "vault");
    expect(vault && servedBy(vault)).toBe("docker-vm");
  });

  it("Vaultwarden starts in the security phase, not beside Home Assistant (difference 10)", () => {
    expect(service("docker-vm/vaultwarden").stack).toBe("security");
  });

  it("no image moves by itself: each has a version (difference 35)", () => {
    const tags = hosts.flatMap(({ services }) => services.map(({ image }) => image.split(":")[1]));
    expect(tags.filter((tag) => tag === undefined || tag === "latest")).toEqual([]);
  });
});

describe("docs/order.md", () => {
  const page = readFileSync(new URL("../../docs/order.md", import.meta.url), "utf8");

  it("has a row for each difference that a test of this folder names, and no other", () => {
    const tests = ["deployment-order-page", "deployment-order-services", "differences"]
      .map((name) => readFileSync(new URL(`${name}.test.ts`, import.meta.url), "utf8"))
      .join("\n");
    const named = [...tests.matchAll(/\(differences? ([\d, ]+)\)/g)].flatMap(([, list = ""]) =>
      list.split(", ").map(Number),
    );
    const rows = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));
    expect(rows).toEqual([...new Set(named)].sort((a, b) => a - b));
  });

  it("says what becomes of everything on the page that is none of the three hosts", () => {
    for (const outside of ["Mobile kit", "MacBook", "RPi 4", "KeePassXC", "Ansible"]) {
      expect(page).toMatch(new RegExp(`^\\| [^|]*${outside}`, "m"));
    }
  });
});
