import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { vaultwarden } from "../../../components/security/vaultwarden.plan.ts";
import { pihole } from "../../../components/networking/pihole.plan.ts";
import { homepageFiles } from "../../../components/tools/homepage-config.plan.ts";
import { homepage } from "../../../components/tools/homepage.plan.ts";
import { tilesOf } from "../../../components/tools/tiles.plan.ts";
import { proxy } from "../../support/proxy.ts";
import { site } from "../../support/site.ts";

const services = [
  ...pihole(site, { names: [] }).services,
  ...vaultwarden(site, { proxy }).services,
];

describe("the tiles", () => {
  it("stand in the start page's order of groups, not in the order of declaration", () => {
    const tiles = tilesOf(site, [{ host: "docker-vm", services }]);
    expect([...tiles.keys()]).toEqual(["Security", "Infrastructure"]);
  });

  it("lead to the site of a service, or to its port when it has none", () => {
    const tiles = [...tilesOf(site, [{ host: "docker-vm", services }]).values()].flat();
    expect(tiles.map(({ title, href }) => [title, href])).toEqual([
      ["Vaultwarden", "https://vault.home.example"],
      ["Pi-hole", "http://192.0.2.10:8053"],
    ]);
  });

  it("put a group that the page does not know after those it knows", () => {
    const [vaultwarden] = services.filter(({ name }) => name === "vaultwarden");
    if (!vaultwarden?.tile) throw new Error("no tile");
    const odd = { ...vaultwarden, tile: { ...vaultwarden.tile, group: "Aquarium" } };
    const tiles = tilesOf(site, [{ host: "docker-vm", services: [odd, ...services] }]);
    expect([...tiles.keys()]).toEqual(["Security", "Infrastructure", "Aquarium"]);
  });
});

describe("Homepage", () => {
  it("shows the state of containers on its own host only", () => {
    const tiles = tilesOf(site, [
      { host: "docker-vm", services: services.filter(({ name }) => name === "vaultwarden") },
      { host: "nas", services: services.filter(({ name }) => name === "pihole") },
    ]);
    const files = homepageFiles(site, { host: "docker-vm", tiles });
    expect(parse(files["services.yaml"] ?? "")).toEqual([
      {
        Security: [
          {
            Vaultwarden: {
              icon: "vaultwarden.png",
              description: "Passwords",
              href: "https://vault.home.example",
              server: "local",
              container: "vaultwarden",
            },
          },
        ],
      },
      {
        Infrastructure: [
          {
            "Pi-hole": {
              icon: "pi-hole.png",
              description: "DNS of the home network",
              href: "http://192.0.2.12:8053",
            },
          },
        ],
      },
    ]);
  });

  it("accepts visitors under its own name", () => {
    const [page] = homepage(site, { proxy, tiles: new Map() }).services;
    expect(page?.env?.["HOMEPAGE_ALLOWED_HOSTS"]).toBe("homepage.home.example");
  });

  it("brings the five files that the page is made from", () => {
    const [page] = homepage(site, { proxy, tiles: new Map() }).services;
    expect(page?.files?.map(({ target }) => target.split("/").at(-1)).sort()).toEqual([
      "bookmarks.yaml",
      "docker.yaml",
      "services.yaml",
      "settings.yaml",
      "widgets.yaml",
    ]);
  });
});
