import { describe, expect, it } from "vitest";
import { madeAnew, type AnewOnHost } from "../../../components/core/made-anew.ts";
import { ANEW_LABEL } from "../../../model/container-inputs.ts";
import { hostNamed } from "../../support/fleet.ts";
import { hostAsDeclared, lockOf, type SeenHost } from "../../deploy/drift/imitated-host.ts";

const declaration = hostNamed("docker-vm");
const lock = lockOf(declaration);
const NOW = new Date("2026-01-02T03:04:05.000Z");

/** What is made anew on a host that somebody changed. */
function after(change: (host: SeenHost) => void): AnewOnHost {
  const seen = hostAsDeclared(declaration, lock);
  change(seen);
  const { containers, images, networks, volumes } = seen;
  const engine = { containers, images, networks, volumes };
  return madeAnew({ declaration, lock, observation: { ...seen.observation, engine }, now: NOW });
}

/** The services of which something is said. */
function named({ services }: AnewOnHost): string[] {
  return [...services].filter(([, { why }]) => why !== "").map(([name]) => name);
}

function containerOf(host: SeenHost, name: string) {
  const container = host.containers.find(({ Name }) => Name === `/${name}`);
  if (!container) throw new Error(`there is no ${name}`);
  return container;
}

function remove(host: SeenHost, name: string): void {
  host.containers = host.containers.filter(({ Name }) => Name !== `/${name}`);
  const { [name]: _gone, ...others } = host.observation.containers;
  host.observation.containers = others;
}

describe("on a host where everything is as it was deployed", () => {
  it("nothing is made anew", () => {
    const anew = after(() => undefined);
    expect(named(anew)).toEqual([]);
    expect([...anew.networks.values()].filter(({ why }) => why !== "")).toEqual([]);
    expect(anew.lostVolumes).toEqual([]);
  });

  it("what was made anew once keeps its label", () => {
    const anew = after((host) => {
      containerOf(host, "grafana").Config.Labels = {
        ...containerOf(host, "grafana").Config.Labels,
        [ANEW_LABEL]: "then",
      };
    });
    expect(anew.services.get("grafana")).toEqual({ label: "then", why: "", inVain: false });
  });
});

describe("a container", () => {
  it("that the host put there by itself is made anew, with the host's own words", () => {
    const words = "put back the container that was well before (crashing)";
    const anew = after((host) => {
      const container = containerOf(host, "grafana");
      container.Id = "e".repeat(64);
      const at = "2026-01-02T00:00:00.000Z";
      host.observation.putBack = { grafana: { container: container.Id, at, back: true, words } };
    });
    const why = `the host put it there by itself at 2026-01-02T00:00:00.000Z: ${words}`;
    expect(anew.services.get("grafana")).toMatchObject({ why, inVain: false });
    expect(named(anew)).toEqual(["grafana"]);
  });

  it("that is gone is made anew, and its lost volume is named", () => {
    const volumes = declaration.services
      .find(({ name }) => name === "grafana")
      ?.mounts?.flatMap((mount) => (mount.kind === "volume" ? [mount.volume] : []));
    const anew = after((host) => {
      remove(host, "grafana");
      host.volumes = host.volumes.filter(({ Name }) => !volumes?.includes(Name));
    });
    expect(anew.services.get("grafana")).toMatchObject({ label: NOW.toISOString(), inVain: false });
    expect(named(anew)).toEqual(["grafana"]);
    expect(volumes).not.toEqual([]);
    expect(anew.lostVolumes).toEqual(volumes);
  });

  it("that the engine lists and says nothing of is left alone", () => {
    const anew = after((host) => {
      host.containers = host.containers.filter(({ Name }) => Name !== "/grafana");
    });
    expect(anew.services.has("grafana")).toBe(false);
    expect(named(anew)).toEqual([]);
  });

  it.each(["exited", "paused"])(
    "that is %s, or that somebody made anew, is made anew",
    (status) => {
      const anew = after((host) => {
        containerOf(host, "grafana").State.Status = status;
        containerOf(host, "dozzle").Id = "another";
      });
      expect(named(anew).sort()).toEqual(["dozzle", "grafana"]);
      expect(anew.services.get("grafana")?.why).toBe(`it does not run (${status})`);
    },
  );

  it("that never was deployed is left to Pulumi", () => {
    const anew = after((host) => {
      remove(host, "grafana");
      const { grafana: _never, ...gated } = host.observation.gated;
      host.observation.gated = gated;
    });
    expect(anew.services.has("grafana")).toBe(false);
  });

  it.each([
    ["memory", (host: SeenHost) => (containerOf(host, "grafana").HostConfig.Memory = 1024 ** 2)],
    ["environment", (host: SeenHost) => (containerOf(host, "grafana").Config.Env = ["A=canary"])],
    ["mounts", (host: SeenHost) => (containerOf(host, "grafana").Mounts = [])],
    ["label", (host: SeenHost) => (containerOf(host, "grafana").Config.Labels!["x"] = "y")],
    ["networks", (host: SeenHost) => (containerOf(host, "grafana").NetworkSettings.Networks = {})],
  ])("with another %s is made anew, and no secret is said", (field, change) => {
    const anew = after(change).services.get("grafana");
    expect(anew?.why).toContain(field);
    expect(anew?.why).not.toContain("canary");
    expect(anew?.label).toMatch(/^[0-9a-f]{16}$/);
  });

  it("that was made anew for that very difference is left alone, and not for another", () => {
    const change = (host: SeenHost) => (containerOf(host, "grafana").HostConfig.Memory = 1024 ** 2);
    const label = after(change).services.get("grafana")?.label ?? "";
    const again = (more: (host: SeenHost) => void) =>
      after((host) => {
        change(host);
        containerOf(host, "grafana").Config.Labels![ANEW_LABEL] = label;
        more(host);
      }).services.get("grafana");
    expect(again(() => undefined)).toMatchObject({ label, inVain: true });
    expect(again((host) => (containerOf(host, "grafana").Mounts = []))).toMatchObject({
      inVain: false,
    });
  });

  it("of another declaration than today's is left to Pulumi, which sees that itself", () => {
    const anew = after((host) => {
      containerOf(host, "grafana").HostConfig.Memory = 1024 ** 2;
      containerOf(host, "grafana").Config.Labels!["homelab.spec"] = "of the commit before";
    });
    expect(named(anew)).toEqual([]);
  });
});

describe("a network", () => {
  const isolated = declaration.networks.find(({ name }) => name === "media-net");

  it("that is gone from under its containers is made anew", () => {
    expect(isolated).toBeDefined();
    const anew = after((host) => {
      host.networks = host.networks.filter(({ Name }) => Name !== "media-net");
    });
    expect(anew.networks.get("media-net")?.why).toBe("it is gone");
  });

  it("that no container was ever made with is left to Pulumi", () => {
    const anew = after((host) => {
      host.networks = host.networks.filter(({ Name }) => Name !== "media-net");
      for (const service of declaration.services) {
        if (!service.networks.some(({ name }) => name === "media-net")) continue;
        containerOf(host, service.name).Config.Labels!["homelab.spec"] = "of the commit before";
      }
    });
    expect(anew.networks.has("media-net")).toBe(false);
  });
});
