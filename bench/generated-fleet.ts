// A fleet of any size as plain data, made of apps as the catalogue has them. The same numbers give
// the same fleet on every machine.
import type { DeclaredApp } from "../model/app.ts";
import type { AppService, HostDeclaration, Requirement } from "../model/declaration.ts";
import type { HostName } from "../model/host-names.ts";
import { read, nothingRead, type ImageContract } from "../model/image-contract.ts";
import { passOver } from "../household/pass-over.ts";
import { partsOf, type Phase } from "../household/phase.ts";
import { seeded } from "./soak-scenarios.ts";

/** How large it is. */
export interface FleetSize {
  readonly services: number;
  /** At most 99. */
  readonly hosts: number;
}

/** The same for everybody, so that two runs speak of the same fleet. */
const SEED = 14;

/** Of a hundred apps, so many have a database and a cache; so many need the first host's store. */
const PERCENT = { withDatabase: 30, withStore: 10 } as const;

/** The first host's service that others need. */
const STORE = "store";

const DATABASE_IMAGE = contract("docker.io/library/generated-database:17");
const CACHE_IMAGE = contract("docker.io/library/generated-cache:7");
const PROXY_IMAGE = contract("docker.io/library/generated-proxy:2");

/** The apps of every host of a fleet, in start order. */
export function generatedApps({ services, hosts }: FleetSize): ReadonlyMap<HostName, Phase[]> {
  const random = seeded(SEED);
  const names = Array.from({ length: hosts }, (_, host) => hostName(host));
  return new Map(
    names.map((name, host) => {
      // Hosts differ by one service at most, so that each size is the one before, denser.
      const own = Math.floor(services / hosts) + (host < services % hosts ? 1 : 0);
      return [name, phasesOf(host, own, random)];
    }),
  );
}

/** A host as data, from its apps alone. */
export function generatedHost(host: HostName, phases: readonly Phase[]): HostDeclaration {
  return {
    host,
    gates: [{ name: "mesh", kind: "mesh", address: "100.64.0.1", remedy: "start the mesh" }],
    ...partsOf(phases),
  };
}

/** The hosts as data, declared twice like the household's: the second time with what there is. */
export function declareGenerated(apps: ReadonlyMap<HostName, Phase[]>): HostDeclaration[] {
  const known = [...apps].map(([host, phases]) => generatedHost(host, phases));
  return [...apps].map(([host, phases]) => generatedHost(host, passOver(phases, host, known)));
}

/** The household's hosts are named in its list; these are in none. */
function hostName(index: number): HostName {
  return `host-${String(index).padStart(2, "0")}` as HostName;
}

function phasesOf(host: number, services: number, random: () => number): Phase[] {
  const apps: Record<string, DeclaredApp> = {};
  let left = services - 1;
  for (let index = 0; left > 0; index += 1) {
    const withDatabase = left >= 3 && random() * 100 < PERCENT.withDatabase;
    const withStore = host > 0 && random() * 100 < PERCENT.withStore;
    const app = webApp(index, { withDatabase, withStore });
    apps[`app-${index}`] = app;
    left -= app.services.length;
  }
  return [
    { phase: 1, apps: { proxy: proxyApp(host) } },
    { phase: 2, apps },
  ];
}

/** What every app of a host waits for; on the first host also what other hosts need. */
function proxyApp(host: number): DeclaredApp {
  const name = host === 0 ? STORE : "proxy";
  return {
    type: "homelab:generated:Proxy",
    exposes: { proxy: name },
    images: [PROXY_IMAGE],
    networks: [{ name: "proxy-net", subnet: "172.30.0.0/24", gateway: "172.30.0.1" }],
    services: [
      {
        ...base(name, PROXY_IMAGE),
        networks: [{ name: "proxy-net" }],
        critical: true,
        requires: [
          { on: "gate:mesh", condition: "healthy", strength: "soft", why: "is reached over it" },
        ],
      },
    ],
    volumes: [],
  };
}

function webApp(
  index: number,
  { withDatabase, withStore }: { readonly withDatabase: boolean; readonly withStore: boolean },
): DeclaredApp {
  const name = `app-${index}`;
  const image = contract(`docker.io/generated/app-${index}:1.0`);
  const network = { name: `${name}-net` };
  const needs = (on: string, strength: Requirement["strength"] = "hard"): Requirement => ({
    ...{ on, condition: "healthy", strength, why: "keeps its records there" },
  });
  const own = withDatabase ? [`${name}-db`, `${name}-cache`] : [];
  const web: AppService = {
    ...base(name, image),
    networks: [{ name: "proxy-net" }, network],
    ports: [{ bind: "127.0.0.1", host: 10_000 + index, container: 8080, protocol: "tcp" }],
    mounts: [{ kind: "volume", volume: `${name}-data`, target: "/data" }],
    files: [{ target: "/etc/app.conf", content: { kind: "text", text: `name = ${name}\n` } }],
    requires: [
      ...own.map((on) => needs(on)),
      needs(index % 2 === 0 ? "gate:mesh" : `app-${index - 1}`, "soft"),
      ...(withStore ? [needs(`${hostName(0)}/${STORE}`)] : []),
    ],
    tile: { group: "Apps", title: name, description: "An app", icon: "app.png" },
  };
  const parts = own.map((part, at): AppService => ({
    ...base(part, at === 0 ? DATABASE_IMAGE : CACHE_IMAGE),
    networks: [network],
    mounts: [{ kind: "volume", volume: `${part}-data`, target: "/data" }],
  }));
  return {
    type: "homelab:generated:App",
    exposes: { page: name },
    images: withDatabase ? [image, DATABASE_IMAGE, CACHE_IMAGE] : [image],
    networks: [network],
    services: [...parts, web],
    volumes: [...own, name].map((of) => ({ name: `${of}-data`, notCopied: "generated" })),
  };
}

function base(name: string, { reference }: ImageContract) {
  return {
    name,
    stack: "generated",
    image: reference,
    env: { TZ: "Etc/UTC", NAME: name },
    health: { test: ["CMD", "check"] },
    limits: { memory: "64MiB", cpus: 0.25 },
    readOnlyRoot: true,
    category: "generated",
  } as const;
}

function contract(reference: string): ImageContract {
  return {
    ...nothingRead(reference, "none"),
    checkPrograms: read(["check"], "generated"),
    ports: read(["8080"], "generated"),
  };
}
