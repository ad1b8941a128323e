import { describe, expect, it } from "vitest";
import { sharedFolder } from "../../../components/core/shared-folder.plan.ts";
import { jellyfin } from "../../../components/media/jellyfin.plan.ts";
import { prowlarr } from "../../../components/media/prowlarr.plan.ts";
import { qbittorrent } from "../../../components/media/qbittorrent.plan.ts";
import { radarr } from "../../../components/media/radarr.plan.ts";
import { sonarr } from "../../../components/media/sonarr.plan.ts";
import { NAS_FOLDERS } from "../../../household/folders.ts";
import { serviceOf } from "../../support/plan.ts";
import { site } from "../../support/site.ts";

const folders = {
  media: sharedFolder(NAS_FOLDERS.media),
  downloads: sharedFolder(NAS_FOLDERS.downloads),
};
const services = {
  jellyfin: serviceOf(jellyfin(site, folders), "jellyfin"),
  prowlarr: serviceOf(prowlarr(site), "prowlarr"),
  qbittorrent: serviceOf(qbittorrent(site, folders), "qbittorrent"),
  sonarr: serviceOf(sonarr(site, folders), "sonarr"),
  radarr: serviceOf(radarr(site, folders), "radarr"),
};

const GATES = { "/mnt/nas/media": "gate:nas-media", "/mnt/nas/downloads": "gate:nas-downloads" };

describe("the media apps", () => {
  it("never start before a folder of the NAS that they mount", () => {
    for (const service of Object.values(services)) {
      for (const mount of service.mounts ?? []) {
        if (mount.kind !== "bind") continue;
        const gate = GATES[mount.source as keyof typeof GATES];
        expect(service.requires, service.name).toContainEqual(
          expect.objectContaining({ on: gate, strength: "hard" }),
        );
      }
    }
  });

  it.each(["sonarr", "radarr"] as const)("let %s write to the library", (name) => {
    expect(services[name].mounts).toContainEqual(
      expect.objectContaining({ kind: "bind", source: "/mnt/nas/media", target: "/media" }),
    );
  });

  it("let Jellyfin only read the library", () => {
    expect(services.jellyfin.mounts).toContainEqual(
      expect.objectContaining({ source: "/mnt/nas/media", readOnly: true }),
    );
  });

  it("start without the graphics device", () => {
    expect(services.jellyfin.requires).toContainEqual(
      expect.objectContaining({ on: "gate:dri", strength: "soft" }),
    );
    expect(services.jellyfin.groups).toEqual(["992", "44"]);
  });

  it("start Sonarr and Radarr after Prowlarr is healthy", () => {
    for (const name of ["sonarr", "radarr"] as const) {
      expect(services[name].requires).toContainEqual(
        expect.objectContaining({ on: "prowlarr", condition: "healthy", strength: "hard" }),
      );
    }
  });

  it("ask Authelia before Sonarr, Radarr and Prowlarr, and have no route to qBittorrent", () => {
    for (const name of ["sonarr", "radarr", "prowlarr"] as const) {
      expect(services[name].routes?.[0]?.auth, name).toBe(true);
    }
    expect(services.qbittorrent.routes).toBeUndefined();
  });

  it("serve qBittorrent's page at the port it knows of, inside and outside", () => {
    const { env, ports, health } = services.qbittorrent;
    const [page] = ports ?? [];
    expect(page).toMatchObject({ bind: "127.0.0.1", host: 8081, container: 8081 });
    expect(env?.["WEBUI_PORT"]).toBe("8081");
    expect(health.test).toContain("http://localhost:8081/");
  });

  it.each(["sonarr", "radarr", "prowlarr", "qbittorrent"] as const)(
    "let root's supervisor stop %s, which runs as another user",
    (name) => {
      expect(services[name].capabilities).toContain("KILL");
    },
  );
});
