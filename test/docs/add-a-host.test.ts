import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { HOSTS } from "../../model/host-names.ts";
import { sandboxNetwork } from "../../sandbox/addresses.ts";
import { hostsText } from "../../sandbox/machine-files.ts";
import { copyOfCheckout, follow, stepsOf } from "../support/guide-steps.ts";
import { hosts, hostNamed } from "../support/fleet.ts";
import { CHECKOUT } from "../support/rooms.ts";
import { site } from "../support/site.ts";

const steps = stepsOf(readFileSync(join(CHECKOUT, "docs/guides/add-a-host.md"), "utf8"));
const ATTIC = { lan: "192.0.2.14", mesh: "100.64.0.4" } as const;

/** What the copy says of itself, asked in a process of its own. */
interface Asked {
  /** Findings of `validate`. */
  readonly problems: readonly string[];
  readonly order: readonly string[];
  /** The plan by which the host boots. */
  readonly plan: { readonly host: string; readonly gates: string[]; readonly services: string[] };
  readonly monitors: readonly { readonly name: string; readonly about: string }[];
  readonly nodes: readonly object[];
  readonly records: readonly object[];
  readonly policy: { readonly hosts: Record<string, string>; readonly reach: readonly string[] };
  readonly tag: string;
  /** Where an app with a site and metrics would be found, that published port 8090 there. */
  readonly served: object;
  /** Names of the resources of its stack, on mocks. */
  readonly resources: readonly string[];
  /** Its machine in the sandbox. */
  readonly sandbox: {
    readonly machines: Record<string, string>;
    /** Address in the mesh by which the sandbox's site knows it. */
    readonly mesh: string;
    /** Hosts files of the NAS and of its own. */
    readonly nas: string;
    readonly attic: string;
  };
  /** Services of each host, as text. */
  readonly services: Record<string, readonly { readonly name: string; readonly text: string }[]>;
}

const QUESTION = `
import { localNames } from "../components/edge/local-names.plan.ts";
import { meshRecords } from "../components/edge/mesh-records.plan.ts";
import { proxiedSites, routesOf, servedBy } from "../components/edge/routes.plan.ts";
import { placeAtHome } from "../components/edge/proxy.plan.ts";
import { nodeTargets, scrapeTargets } from "../components/monitoring/scrape-config.plan.ts";
import { uptimeMonitors } from "../components/monitoring/uptime-monitors.plan.ts";
import { meshPolicy, meshTag } from "../components/networking/mesh-policy.plan.ts";
import { declareFleet } from "../household/fleet.plan.ts";
import { PROXIES } from "../household/proxies.ts";
import { HOSTS } from "../model/host-names.ts";
import { hostPlan } from "../model/host-plan.ts";
import { contractsOf } from "../model/image-catalogue.ts";
import { problemText } from "../model/problem.ts";
import { findProblems } from "../model/validate.ts";
import { parseSite } from "../model/site.ts";
import { sandboxNetwork } from "../sandbox/addresses.ts";
import { hostsText } from "../sandbox/machine-files.ts";
import { sandboxConfig } from "../sandbox/project.ts";
import { sandboxSettings } from "../sandbox/settings.ts";
import { site } from "./support/site.ts";
import { recordStack } from "./support/stack-program.ts";

const settings = sandboxSettings({ HOMELAB_SANDBOX: "/nowhere/box" });
const fleet = declareFleet(site);
const hosts = HOSTS.map((host) => fleet[host].declaration);
const { declaration } = fleet.attic;
const plan = hostPlan(declaration, { version: 1, images: {} }, "");
const policy = meshPolicy(site, hosts);
const port = { bind: "0.0.0.0", host: 8090, container: 80, protocol: "tcp" };
const shelf = {
  ...declaration.services[0],
  name: "shelf",
  ports: [port],
  routes: [{ name: "shelf", port: 80 }],
  scrapes: [{ job: "shelf", port: 80 }],
};
const alone = [{ host: "attic", services: [shelf] }];
const place = placeAtHome(PROXIES.home, [], true);
const resources = await recordStack("attic");
console.log(JSON.stringify({
  problems: findProblems(hosts, contractsOf(hosts)).map(problemText),
  order: HOSTS,
  plan: {
    host: plan.host,
    gates: plan.gates.map(({ name }) => name),
    services: plan.services.map(({ name }) => name),
  },
  monitors: uptimeMonitors(site, hosts),
  nodes: nodeTargets(site),
  records: meshRecords(site, hosts),
  policy: { hosts: policy.hosts, reach: policy.acls.flatMap(({ dst }) => dst) },
  tag: meshTag("attic"),
  served: {
    by: servedBy(routesOf(alone)[0]),
    upstream: proxiedSites(site, place, alone)[0].upstream,
    localAddress: localNames(site, alone)[0].address,
    scrapedAt: scrapeTargets(site, alone, [])[0].address,
  },
  resources: resources.map(({ name }) => name),
  sandbox: {
    machines: sandboxNetwork().machines,
    mesh: parseSite(sandboxConfig(settings, "attic")["homelab:site"]).hosts.attic.mesh,
    nas: hostsText("nas", settings.network),
    attic: hostsText("attic", settings.network),
  },
  services: Object.fromEntries(hosts.map(({ host, services }) => [
    host,
    services.map((service) => ({ name: service.name, text: JSON.stringify(service) })),
  ])),
}));
`;

/** The tests' own made-up site, which has to say where the host is, as Pulumi.yaml has to. */
const SITE = "test/support/site.ts";
const LAST = '    "docker-vm": { lan: "192.0.2.10", mesh: "100.64.0.3" },\n';

let folder: string;
let asked: Asked;

beforeAll(async () => {
  folder = copyOfCheckout();
  follow(folder, steps);
  cpSync(join(CHECKOUT, "test/support"), join(folder, "test/support"), { recursive: true });
  follow(folder, [
    { kind: "edit", file: SITE, from: LAST, to: `${LAST}    attic: ${JSON.stringify(ATTIC)},\n` },
    { kind: "new", file: "test/question.ts", text: QUESTION },
  ]);
  const { stdout } = await execa(process.execPath, ["--import", "tsx", "test/question.ts"], {
    cwd: folder,
  });
  asked = JSON.parse(stdout) as Asked;
}, 300_000);

describe("the host that the guide adds", () => {
  it("is an entry, its addresses and its stack's file; what runs there is a list beside", () => {
    const files = [...new Set(steps.map(({ file }) => file))];
    expect(files).toEqual([
      "household/hosts.ts",
      "Pulumi.yaml",
      "Pulumi.attic.yaml",
      "household/attic.plan.ts",
      "household/fleet.plan.ts",
    ]);
  });

  it("is formatted as everything here", async () => {
    const files = [...new Set(steps.map(({ file }) => file))];
    const written = await execa(
      join(CHECKOUT, "node_modules/.bin/prettier"),
      ["--check", ...files],
      { cwd: folder, reject: false, all: true },
    );
    expect([written.exitCode, written.all]).toEqual([0, expect.anything()]);
  });

  it("breaks no rule of the house", () => {
    expect(asked.problems).toEqual([]);
  });

  it("is deployed after those that it relies on", () => {
    expect(asked.order).toEqual([...HOSTS, "attic"]);
  });

  it("has a network of its own app, a mesh gate and its services in the plan that it boots by", () => {
    expect(asked.plan).toEqual({ host: "attic", gates: ["mesh"], services: ["glances"] });
  });

  it("is pinged, and its probe is asked at its own address in the mesh", () => {
    const added = asked.monitors.filter(({ about }) => about.startsWith("attic"));
    expect(added).toEqual([
      expect.objectContaining({
        name: "Glances (attic)",
        about: "attic/glances",
        url: `http://${ATTIC.mesh}:61208/api/4/cpu`,
      }),
      expect.objectContaining({ name: "Attic", kind: "ping", hostname: ATTIC.mesh }),
    ]);
  });

  it("is measured over the mesh", () => {
    expect(asked.nodes).toContainEqual(
      expect.objectContaining({ job: "node-attic", address: `${ATTIC.mesh}:9100`, host: "attic" }),
    );
  });

  it("has a name in the mesh, where the monitors may ask it and nothing else", () => {
    expect(asked.records).toContainEqual({
      name: "attic.home.example",
      type: "A",
      value: ATTIC.mesh,
    });
    expect(asked.policy.hosts["attic"]).toBe(`${ATTIC.mesh}/32`);
    expect(asked.policy.reach).toContain("attic:80,443,9100,61208");
    expect(asked.tag).toBe("tag:server");
  });

  it("is served by the proxy at home, over the port that an app of it publishes", () => {
    expect(asked.served).toEqual({
      by: "docker-vm",
      upstream: `${ATTIC.lan}:8090`,
      localAddress: site.hosts["docker-vm"].lan,
      scrapedAt: `${ATTIC.mesh}:8090`,
    });
  });

  it("is realised without a file of its own: gates, boot program and plan, enrolment, service", () => {
    expect(asked.resources).toEqual(
      expect.arrayContaining([
        "boot-orchestrator",
        "mesh-enrolment",
        "gate-mesh",
        "host-plan",
        "glances",
        "glances-gate",
        "boot-watch",
      ]),
    );
  });

  it("makes none of what belongs to a role", () => {
    const others = /^(nas-folders|nfs-exports|network-mounts|mesh-authority|headscale)/;
    expect(asked.resources.filter((name) => others.test(name))).toEqual([]);
  });

  it("changes of the others only who is configured with all hosts", () => {
    const changed = hosts.flatMap(({ host }) => {
      const after = new Map(asked.services[host]?.map((service) => [service.name, service.text]));
      const before = hostNamed(host).services;
      expect([...after.keys()], host).toEqual(before.map(({ name }) => name));
      return before
        .filter((service) => after.get(service.name) !== JSON.stringify(service))
        .map(({ name }) => `${host}/${name}`);
    });
    expect(changed).toEqual([
      "vps/headscale",
      "vps/headscale-backup",
      "vps/adguard",
      "docker-vm/vmagent",
    ]);
  });

  it("has a machine of its own in the sandbox, and changes none of the others", () => {
    const { machines, mesh, nas, attic } = asked.sandbox;
    expect(machines).toEqual({ ...sandboxNetwork().machines, attic: "198.18.77.13" });
    expect(mesh).toBe("100.64.0.4");
    expect(nas).toBe(hostsText("nas", sandboxNetwork()));
    expect(attic).toContain("198.18.77.12 nas\n198.18.77.10 docker-vm\n198.18.77.13 attic\n");
  });

  it("stands in the graph, by the copy's own command line", async () => {
    const { stdout } = await execa(process.execPath, ["cli/homelab.mjs", "graph", "attic"], {
      cwd: folder,
      env: { PULUMI_OPTION_CWD: folder },
    });
    expect(stdout).toContain("glances");
  });

  it("is a host to every command that takes one", async () => {
    const run = await execa(process.execPath, ["cli/homelab.mjs", "check", "cellar"], {
      cwd: folder,
      env: { PULUMI_OPTION_CWD: folder },
      reject: false,
    });
    expect(run.stderr).toContain("the hosts are vps, nas, docker-vm, attic");
  });
});
