import { describe, expect, it } from "vitest";
import { hosts } from "../../support/fleet.ts";
import { site } from "../../support/site.ts";
import { Home, repositoryOf, said } from "./imitated-home.ts";

const addresses = Object.fromEntries(
  Object.entries(site.hosts).map(([host, { lan, mesh }]) => [host, [lan, mesh]]),
);

function household(): Home {
  return new Home(repositoryOf(hosts, { addresses, places: { home: ["nas", "docker-vm"] } }));
}

describe("this household", () => {
  it("has nothing to be done while it is as declared", () => {
    expect(household().look(3600)).toMatchObject({ actions: [], incidents: [] });
  });

  it("has one cause when the NAS is away, and not one for each service that needs it", () => {
    const home = household();
    home.unplug("nas");
    const vm = home.world("docker-vm");
    const waiting = (hosts.find(({ host }) => host === "docker-vm")?.services ?? []).filter(
      ({ requires = [] }) =>
        requires.some(({ on }) => on.startsWith("gate:nas-") || on.startsWith("nas/")),
    );
    expect(waiting.length).toBeGreaterThan(5);
    for (const gate of Object.keys(vm.gates)) {
      if (gate.startsWith("nas-")) home.gate(`docker-vm/gate:${gate}`, "closed");
    }
    for (const [at, { name }] of waiting.entries()) {
      home.becomes(`docker-vm/${name}`, at % 2 === 0 ? "exited" : "unhealthy");
    }
    expect(home.during(180, 3)).toEqual([]);
    const { incidents } = home.look();
    expect(incidents.map(({ cause }) => cause)).toEqual(["nas"]);
    expect(incidents[0]?.affected.length).toBeGreaterThanOrEqual(30);
  });

  it("has one incident and no action when the power of the house is cut", () => {
    const home = household();
    home.unplug("nas");
    home.time += 3;
    home.unplug("docker-vm");
    expect(home.during(300, 3)).toEqual([]);
    expect(home.look().incidents.map(({ cause }) => cause)).toEqual(["home"]);
  });

  it("has one action for its reverse proxy, whatever stands behind it", () => {
    const home = household();
    home.becomes("docker-vm/caddy", "exited");
    expect(said(home.during(60))).toEqual(["docker-vm start caddy"]);
  });
});
