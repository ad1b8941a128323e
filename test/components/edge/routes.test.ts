import { describe, expect, it } from "vitest";
import {
  protectedNames,
  proxiedSites,
  routesOf,
  servedBy,
  type RoutedHost,
} from "../../../components/edge/routes.plan.ts";
import type { ServiceDeclaration } from "../../../model/declaration.ts";
import { site } from "../../support/site.ts";

function service(name: string, parts: Partial<ServiceDeclaration>): ServiceDeclaration {
  return {
    name,
    stack: "test",
    phase: 1,
    image: "example.org/test:1.0.0",
    networks: [{ name: "caddy-net" }],
    health: { test: ["CMD", "true"] },
    limits: { memory: "64MiB", cpus: 1 },
    category: "test",
    ...parts,
  };
}

const PROXY = {
  host: "docker-vm",
  networks: ["caddy-net", "media-net"],
  authelia: "authelia:9091",
} as const;

function onDockerVm(...services: ServiceDeclaration[]): RoutedHost[] {
  return [{ host: "docker-vm", services }];
}

describe("the sites of a reverse proxy", () => {
  it("dial a service of the same host by its name, whatever port it publishes on the loopback", () => {
    const sonarr = service("sonarr", {
      networks: [{ name: "media-net" }],
      ports: [{ bind: "127.0.0.1", host: 18989, container: 8989, protocol: "tcp" }],
      routes: [{ name: "japysaka", port: 8989, auth: true }],
    });
    expect(proxiedSites(site, PROXY, onDockerVm(sonarr))).toEqual([
      {
        name: "japysaka.home.example",
        upstream: "sonarr:8989",
        scheme: "http",
        auth: true,
        accessLog: false,
      },
    ]);
  });

  it("dial a service of the NAS by the NAS's address and the port it publishes there", () => {
    const forgejo = service("forgejo", {
      ports: [
        { bind: "0.0.0.0", host: 2222, container: 22, protocol: "tcp" },
        { bind: "0.0.0.0", host: 3001, container: 3000, protocol: "tcp" },
      ],
      routes: [{ name: "git", port: 3000 }],
    });
    const [git] = proxiedSites(site, PROXY, [{ host: "nas", services: [forgejo] }]);
    expect(git?.upstream).toBe(`${site.hosts.nas.lan}:3001`);
  });

  it("leave out what another proxy serves", () => {
    const hosts: RoutedHost[] = [
      { host: "vps", services: [service("ntfy", { routes: [{ name: "notify", port: 80 }] })] },
      {
        host: "nas",
        services: [
          service("javya-frontend", { routes: [{ name: "javya", port: 80, via: "nas" }] }),
        ],
      },
    ];
    expect(proxiedSites(site, PROXY, hosts)).toEqual([]);
    expect(routesOf(hosts).map(servedBy)).toEqual(["vps", "nas"]);
  });

  it("serve the domain itself for a route without a name", () => {
    const page = service("page", { routes: [{ name: "", port: 80 }] });
    expect(proxiedSites(site, PROXY, onDockerVm(page))[0]?.name).toBe("home.example");
  });

  it("are refused where a visitor would have to be known, and nobody can be asked", () => {
    const { authelia: _, ...open } = PROXY;
    const closed = service("closed", { routes: [{ name: "papa", port: 3000, auth: true }] });
    expect(() => proxiedSites(site, open, onDockerVm(closed))).toThrow(
      "docker-vm has no Authelia, and these let in only whom it knows: docker-vm/closed (papa.home.example)",
    );
    expect(proxiedSites(site, PROXY, onDockerVm(closed))).toHaveLength(1);
  });

  it("are refused together when they cannot be dialled or share a name", () => {
    const hosts: RoutedHost[] = [
      {
        host: "docker-vm",
        services: [
          service("alone", { networks: [{ name: "own-net" }], routes: [{ name: "a", port: 1 }] }),
          service("first", { routes: [{ name: "b", port: 1 }] }),
          service("second", { routes: [{ name: "b", port: 1 }] }),
        ],
      },
      {
        host: "nas",
        services: [
          service("hidden", {
            ports: [{ bind: "127.0.0.1", host: 1, container: 1, protocol: "tcp" }],
            routes: [{ name: "c", port: 1 }],
          }),
        ],
      },
    ];
    expect(() => proxiedSites(site, PROXY, hosts)).toThrow(
      /b\.home\.example: asked for by docker-vm\/first[\s\S]*a\.home\.example: alone is on own-net[\s\S]*c\.home\.example: nas\/hidden publishes no port/,
    );
  });

  it("are known to Authelia only where they ask for it", () => {
    const hosts = onDockerVm(
      service("open", { routes: [{ name: "vault", port: 80 }] }),
      service("closed", { routes: [{ name: "papa", port: 3000, auth: true }] }),
    );
    expect(protectedNames(site, hosts)).toEqual(["papa.home.example"]);
  });
});
