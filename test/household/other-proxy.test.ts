/** Another reverse proxy than Caddy is its own files and a line: the house with nginx, on a copy. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { routesOf, servedBy, siteName } from "../../components/edge/routes.plan.ts";
import { VOUCHED_NETWORK } from "../../components/edge/vouched-network.plan.ts";
import { declareFleet } from "../../household/fleet.plan.ts";
import { PROXIES } from "../../household/proxies.ts";
import { HOSTS } from "../../model/host-names.ts";
import { hosts } from "../support/fleet.ts";
import { copyOfCheckout, follow } from "../support/guide-steps.ts";
import { CHECKOUT } from "../support/rooms.ts";
import { site } from "../support/site.ts";

/** What the copy says of itself, asked in a process of its own. */
interface Said {
  /** Findings of `validate`. */
  readonly problems: readonly string[];
  /** Host to apps. */
  readonly apps: Readonly<Record<string, readonly string[]>>;
  /** Host to nginx.conf. */
  readonly conf: Readonly<Record<string, string>>;
  /** What services wait for, and which networks they join, by "host/service". */
  readonly requires: Readonly<Record<string, readonly string[]>>;
  readonly networks: Readonly<Record<string, readonly { name: string; address?: string }[]>>;
  /** Volumes that each job copies. */
  readonly copied: Readonly<Record<string, readonly string[]>>;
  readonly grafana: Readonly<Record<string, string>>;
  /** What a plan of a Compose file joins and waits for. */
  readonly imported: {
    readonly networks: readonly string[];
    readonly requires: readonly string[];
    readonly findings: readonly string[];
  };
  /** What a person is told whose site wants an issuer that nginx does not know. */
  readonly refused: string;
  /** The scripts by which hosts join the mesh, and what a person does on a device. */
  readonly mesh: string;
  /** Everything that is declared, made and said, unpacked. */
  readonly text: string;
}

const FILE = "household/proxies.ts";
const STEPS = [
  {
    from: `import { CADDY } from "../components/edge/caddy.plan.ts";
import { PUBLIC_CADDY } from "../components/edge/public-caddy.plan.ts";
`,
    to: 'import { NGINX, PUBLIC_NGINX } from "../test/household/other-proxy/nginx.plan.ts";\n',
  },
  {
    from: "{ coordinator: PUBLIC_CADDY, home: CADDY }",
    to: "{ coordinator: PUBLIC_NGINX, home: NGINX }",
  },
] as const;

const QUESTION = `
import { graphReport } from "../cli/graph/report.ts";
import { houseFor } from "../cli/import/house.ts";
import { DISK } from "../cli/import/disk.ts";
import { invitationText } from "../cli/mesh/invite.ts";
import { importCompose } from "../compose/import.ts";
import { uptimeMonitors } from "../components/monitoring/uptime-monitors.plan.ts";
import { meshPolicy } from "../components/networking/mesh-policy.plan.ts";
import { declareFleet } from "../household/fleet.plan.ts";
import { RESTART_STEPS } from "../household/restart.plan.ts";
import { HOSTS } from "../model/host-names.ts";
import { hostPlan } from "../model/host-plan.ts";
import { contractsOf } from "../model/image-catalogue.ts";
import { problemText } from "../model/problem.ts";
import { findProblems } from "../model/validate.ts";
import { repositoryText } from "../stacks/control-plane.ts";
import { site as usual } from "./support/site.ts";
import { recordStack, unpackedText } from "./support/stack-program.ts";

const message = (work) => {
  try {
    work();
    return "";
  } catch (error) {
    return error.message;
  }
};
const internal = { issuer: "internal" };
const site = { ...usual, certificates: { vps: internal, "docker-vm": internal } };
const lock = { version: 1, images: {} };
const fleet = declareFleet(site);
const hosts = HOSTS.map((host) => fleet[host].declaration);
const all = hosts.flatMap(({ host, services }) => services.map((service) => [host + "/" + service.name, service]));
const each = (part) => Object.fromEntries(all.map(([id, service]) => [id, part(service)]));
const confOf = (host) =>
  fleet[host].declaration.services
    .flatMap(({ files = [] }) => files)
    .find(({ target }) => target === "/etc/nginx/nginx.conf")?.content.text ?? "";

const made = {};
for (const host of HOSTS) made[host] = await recordStack(host, { site });
const house = await houseFor(process.argv[2], site, fleet["docker-vm"].declaration, undefined);
const { imported } = importCompose({ file: process.argv[3], house }, DISK);
const [web] = imported.declared.services;
const refused = message(() => declareFleet(usual));
const without = ["vps/nginx", "docker-vm/nginx", "docker-vm/authelia"].map((app) => message(() => declareFleet(site, [app])));
const device = { device: "phone", kind: "phone", server: "s", key: "k", goodUntil: "2026" };
const mesh = JSON.stringify([invitationText(device, site), ...Object.values(made).flat().filter(({ name }) => name.startsWith("mesh"))]);
const everything = JSON.stringify([
  hosts,
  made,
  hosts.map((host) => hostPlan(host, lock, "")),
  meshPolicy(site, hosts),
  uptimeMonitors(site, hosts),
  graphReport(hosts, "all"),
  repositoryText({ site, fleet, lock }),
  RESTART_STEPS,
  imported,
  refused,
  without,
  mesh,
]);
const packed = everything.match(/[A-Za-z0-9+/]{16,}={0,2}/g) ?? [];
const text = [everything, ...packed.map((part) => unpackedText(Buffer.from(part, "base64")))];
console.log(JSON.stringify({
  problems: findProblems(hosts, contractsOf(hosts)).map(problemText),
  apps: Object.fromEntries(HOSTS.map((host) => [host, Object.keys(fleet[host].apps)])),
  conf: { vps: confOf("vps"), "docker-vm": confOf("docker-vm") },
  requires: each(({ requires = [] }) => requires.map(({ on }) => on)),
  networks: each(({ networks }) => networks),
  copied: each(({ backup }) => backup?.protects ?? []),
  grafana: fleet["docker-vm"].declaration.services.find(({ name }) => name === "grafana").env,
  imported: {
    networks: web.networks.map(({ name }) => name),
    requires: (web.requires ?? []).map(({ on }) => on),
    findings: imported.findings.map(({ message }) => message),
  },
  refused,
  mesh,
  text: text.join("\\n"),
}));
`;

let said: Said;

beforeAll(async () => {
  const folder = copyOfCheckout();
  for (const part of ["support", "household/other-proxy"]) {
    cpSync(join(CHECKOUT, "test", part), join(folder, "test", part), { recursive: true });
  }
  follow(folder, [
    ...STEPS.map((step) => ({ kind: "edit", file: FILE, ...step }) as const),
    { kind: "new", file: "test/question.ts", text: QUESTION },
  ]);
  const compose = join(CHECKOUT, "test/compose/files/bookmarks/compose.yaml");
  const { stdout } = await execa(
    process.execPath,
    ["--import", "tsx", "test/question.ts", folder, compose],
    { cwd: folder, maxBuffer: 200_000_000 },
  );
  said = JSON.parse(stdout) as Said;
}, 300_000);

/** The block of nginx.conf that serves a name. */
function serverOf(conf: string, name: string): string {
  return conf.split("\n  server {\n").find((part) => part.includes(`server_name ${name};`)) ?? "";
}

describe("the house with another reverse proxy", () => {
  it("breaks no rule of the house, and has the same apps but for the proxies", () => {
    expect(said.problems).toEqual([]);
    const usual = declareFleet(site);
    const proxies = [PROXIES.coordinator.service, PROXIES.home.service];
    for (const host of HOSTS) {
      const renamed = Object.keys(usual[host].apps).map((app) =>
        proxies.includes(app) ? "nginx" : app,
      );
      expect(said.apps[host], host).toEqual(renamed);
    }
  });

  it("serves every site by the proxy of the host that serves it", () => {
    const sources = routesOf(hosts);
    const missing = sources.flatMap((source) => {
      const name = siteName(site, source.route);
      const conf = said.conf[servedBy(source)];
      if (conf === undefined) return [];
      return serverOf(conf, name) === "" ? [name] : [];
    });
    expect(sources.length).toBeGreaterThan(20);
    expect(missing).toEqual([]);
    expect(serverOf(said.conf["vps"] ?? "", site.domain)).toContain("root /usr/share/nginx/html;");
  });

  it("asks Authelia first at the sites that want it, and at no other", () => {
    for (const source of routesOf(hosts)) {
      const server = serverOf(said.conf[servedBy(source)] ?? "", siteName(site, source.route));
      if (server === "") continue;
      const asks = server.includes("auth_request /internal/authelia;");
      expect(asks, siteName(site, source.route)).toBe(source.route.auth ?? false);
    }
  });

  it("is waited for by who is reached through it, on a network of its own", () => {
    for (const app of ["authelia", "dozzle", "bentopdf", "homepage", "immich-server"]) {
      expect(said.requires[`docker-vm/${app}`], app).toContain("nginx");
      expect(said.networks[`docker-vm/${app}`], app).toContainEqual({ name: "nginx-net" });
    }
  });

  it("is believed by Grafana at the one address that it has for that", () => {
    const { name, proxy: address } = VOUCHED_NETWORK;
    expect(said.grafana).toMatchObject({ GF_AUTH_PROXY_WHITELIST: address });
    expect(said.networks["docker-vm/nginx"]).toContainEqual({ name, address });
  });

  it("has its certificates copied, and what no other job copies", () => {
    expect(said.copied["docker-vm/nginx-backup"]).toEqual(
      expect.arrayContaining(["nginx-certificates", "jellyfin-config"]),
    );
    expect(said.copied["vps/headscale-backup"]).toContain("nginx-certificates");
  });

  it("hands its own authority to the hosts and devices that join the mesh", () => {
    expect(
      said.mesh.match(/docker exec nginx cat \/etc\/nginx\/certificates\/root\.crt/g),
    ).toHaveLength(4);
  });

  it("is what an app of a Compose file is reached through", () => {
    expect(said.imported.networks).toContain("nginx-net");
    expect(said.imported.requires).toEqual(["nginx"]);
  });

  it("is asked for no certificate that it cannot get", () => {
    expect(said.refused).toContain(
      'homelab:site.certificates.vps.issuer: cannot be "acme", which the reverse proxy of vps does not know; use "internal"',
    );
  });

  it("leaves the name of the one before in no declaration, file, script or message", () => {
    expect(said.text).toContain("nginx");
    expect([...said.text.matchAll(/.{0,80}caddy.{0,80}/gi)].map(([found]) => found)).toEqual([]);
  });
});
