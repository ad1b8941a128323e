import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { IMAGE_CONTRACTS, imageContract } from "../../components/images.ts";
import { imageFacts, isKnownImage, WITHOUT_CONTRACT } from "../../model/image-catalogue.ts";
import type { Fact, ImageContract } from "../../model/image-contract.ts";
import { hosts } from "../support/fleet.ts";

const COMPONENTS = join(import.meta.dirname, "../../components");

const used = [
  ...new Set(hosts.flatMap(({ services }) => services.map(({ image }) => image))),
].sort();

/** Images that nobody has written a contract for yet. A contract takes its line out. */
const WITHOUT: readonly string[] = [
  "codeberg.org/forgejo/forgejo:11.0",
  "docker.io/adguard/adguardhome:v0.107.73",
  "docker.io/amir20/dozzle:v10.1.1",
  "docker.io/authelia/authelia:4.39.15",
  "docker.io/binwiederhier/ntfy:v2.19.1",
  "docker.io/dgtlmoon/sockpuppetbrowser:0.0.3",
  "docker.io/dockurr/samba:4.23.5",
  "docker.io/grafana/grafana:12.4.0",
  "docker.io/homeassistant/home-assistant:2026.2.3",
  "docker.io/jellyfin/jellyfin:10.9.11",
  "docker.io/library/eclipse-mosquitto:2.0",
  "docker.io/library/javya-backend:1.0.0",
  "docker.io/library/javya-frontend:1.0.0",
  "docker.io/library/postgres:16-alpine",
  "docker.io/library/postgres:17-alpine",
  "docker.io/library/redis:7-alpine",
  "docker.io/louislam/uptime-kuma:1.23",
  "docker.io/madnuttah/unbound:1.24.2-1",
  "docker.io/nicolargo/glances:4.5.1-full",
  "docker.io/pihole/pihole:2025.04.0",
  "docker.io/pihole/pihole:2026.02.0",
  "docker.io/prom/alertmanager:v0.31.1",
  "docker.io/valkey/valkey:8-bookworm",
  "docker.io/vaultwarden/server:1.35.2",
  "docker.io/victoriametrics/victoria-metrics:v1.137.0",
  "docker.io/victoriametrics/vmagent:v1.137.0",
  "docker.io/victoriametrics/vmalert:v1.137.0",
  "gcr.io/cadvisor/cadvisor:v0.52.1",
  "ghcr.io/alam00000/bentopdf:v2.5.0",
  "ghcr.io/blakeblackshear/frigate:0.16.4",
  "ghcr.io/dgtlmoon/changedetection.io:0.50.43",
  "ghcr.io/gethomepage/homepage:v1.11.0",
  "ghcr.io/immich-app/immich-machine-learning:v2.6.1",
  "ghcr.io/immich-app/immich-server:v2.6.1",
  "ghcr.io/immich-app/postgres:17-vectorchord0.5.3",
  "ghcr.io/nicholas-fedor/watchtower:1.14.2",
  "ghcr.io/paperless-ngx/paperless-ngx:2.20.10",
  "lscr.io/linuxserver/prowlarr:2.3.0",
  "lscr.io/linuxserver/qbittorrent:5.1.4",
  "lscr.io/linuxserver/radarr:6.0.4",
  "lscr.io/linuxserver/sonarr:4.0.16",
  "lscr.io/linuxserver/syncthing:2.0.14",
];

/** Every contract that a file beside an app exports. */
async function written(): Promise<ImageContract[]> {
  const files = readdirSync(COMPONENTS, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".image.ts"))
    .map((file) => pathToFileURL(join(COMPONENTS, file)).href);
  const modules = await Promise.all(
    files.map((file) => import(file) as Promise<Record<string, ImageContract>>),
  );
  return modules.flatMap((module) => Object.values(module));
}

describe("the contracts of the images", () => {
  it("are in one list, each that is written and each once", async () => {
    const references = IMAGE_CONTRACTS.map(({ reference }) => reference);
    expect((await written()).map(({ reference }) => reference).sort()).toEqual(references.sort());
    expect(references).toEqual([...new Set(references)]);
  });

  it("are of images that a service runs", () => {
    expect(
      IMAGE_CONTRACTS.map(({ reference }) => reference).filter((image) => !used.includes(image)),
    ).toEqual([]);
  });

  it("are missing for these images, of which little is known", () => {
    expect(used.filter((image) => imageContract(image) === undefined)).toEqual(WITHOUT);
  });

  it("leave nothing of the older list that is used no more, or that has a contract", () => {
    expect(Object.keys(WITHOUT_CONTRACT).sort()).toEqual([...WITHOUT].sort());
  });

  it("say of each field where it was read, or why it was not", () => {
    for (const contract of IMAGE_CONTRACTS) {
      const facts = Object.values(contract).filter(
        (field): field is Fact<unknown> =>
          typeof field === "object" && ("source" in field || "unread" in field),
      );
      expect(facts, contract.reference).toHaveLength(10);
      for (const fact of facts) {
        const words = "unread" in fact ? fact.unread : fact.source;
        expect(words, contract.reference).toMatch(/\S{2,} \S/);
      }
      const isRead = facts.some((fact) => !("unread" in fact));
      expect(!isRead || contract.read.length > 0, contract.reference).toBe(true);
    }
  });

  it("write ports, capabilities and users in one form", () => {
    for (const { reference, ports, capabilities, processes, secretReader } of IMAGE_CONTRACTS) {
      for (const port of ports.value ?? []) expect(port, reference).toMatch(/^\d+(\/udp)?$/);
      const needs = Object.values(capabilities.value ?? {}).flat() as string[];
      for (const capability of needs) expect(capability, reference).toMatch(/^(?!CAP_)[A-Z_]+$/);
      const users = [
        ...(processes.value ?? []).map(({ user }) => user),
        secretReader.value ?? "0:0",
      ];
      for (const user of users) expect(user, reference).toMatch(/^\d+:\d+$/);
    }
  });

  it("are what the facts of an image come from", () => {
    const [contract] = IMAGE_CONTRACTS;
    if (!contract) throw new Error("no contract");
    const reader = { ...contract, secretReader: { value: "7:8", source: "start.sh of it" } };
    expect(imageFacts(contract.reference, [reader]).user).toBe("7:8");
    const unknown = { ...contract, secretReader: { unread: "nobody looked" } };
    expect(imageFacts(contract.reference, [unknown]).user).toBe("0:0");
    expect(isKnownImage("docker.io/library/none:1.0", IMAGE_CONTRACTS)).toBe(false);
    expect(() => imageFacts("docker.io/library/none:1.0", [])).toThrow("has no contract");
  });
});
