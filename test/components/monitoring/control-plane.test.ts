import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { reporting } from "../../../components/monitoring/control-plane.plan.ts";
import { isSecretContent, renderContent } from "../../../components/core/file-content.ts";
import { readSettings as readObserver } from "../../../control-plane/observer/settings.ts";
import { readSettings as readPage } from "../../../control-plane/operator-ui/settings.ts";
import { readUsers, roleOf } from "../../../control-plane/operator-ui/page/users.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import type { FileDeclaration } from "../../../model/declared-files.ts";
import type { ServiceDeclaration } from "../../../model/declaration.ts";
import { HOSTS } from "../../../model/host-names.ts";
import { secretsOf, secretsUsedBy, stacksWith } from "../../../model/host-secrets.ts";
import { toMebibytes } from "../../../model/units.ts";
import { findProblems } from "../../../model/validate.ts";
import { hosts, hostsWithEverything, IMAGE_CONTRACTS } from "../../support/fleet.ts";
import { site } from "../../support/site.ts";

const [vps, nas, dockerVm] = hostsWithEverything;
if (!vps || !nas || !dockerVm) throw new Error("three hosts are declared");
const parts = vps.services.filter(({ stack }) => stack === "control-plane");
const partNamed = (name: string): ServiceDeclaration => {
  const found = parts.find((one) => one.name === name);
  if (!found) throw new Error(`no part is called ${name}`);
  return found;
};
const fileOf = (service: ServiceDeclaration, target: string): FileDeclaration => {
  const found = service.files?.find((file) => file.target === target);
  if (!found) throw new Error(`${service.name} has no ${target}`);
  return found;
};

/** A settings file as it stands in the container. */
async function written(service: ServiceDeclaration, target: string): Promise<string> {
  const { content } = fileOf(service, target);
  const values = { "observer-build": "b1", "operator-ui-build": "b2" };
  const text = await renderContent(content, { secrets: {}, values, saltKey: "" });
  const path = join(mkdtempSync(join(tmpdir(), "settings-")), "settings.json");
  writeFileSync(path, text);
  return path;
}

describe("a homelab that asks for no control plane", () => {
  it("has nothing of it on any host: no container, network, folder, file or secret", () => {
    expect(JSON.stringify(hosts)).not.toMatch(/control-plane|observer/i);
    expect(hosts.filter(({ folders, reporting }) => folders ?? reporting)).toEqual([]);
  });
});

describe("the control plane", () => {
  it("can be declared without a mistake", () => {
    expect(findProblems(hostsWithEverything, IMAGE_CONTRACTS)).toEqual([]);
  });

  it("runs without root, capabilities, a writable root or a way to any engine, each by one image (S24)", () => {
    expect(parts.length).toBeGreaterThan(1);
    for (const { name, user, readOnlyRoot, capabilities, mounts = [], image } of parts) {
      expect({ user, readOnlyRoot, capabilities }, name).toEqual({
        user: "1000:1000",
        readOnlyRoot: true,
        capabilities: undefined,
      });
      expect(image, name).toMatch(/\/library\/node:22\.\d+\.\d+-alpine/);
      expect(JSON.stringify(mounts), name).not.toContain("docker.sock");
    }
  });

  it("may take less than 300 MiB as a whole", () => {
    const all = parts.map(({ limits }) => toMebibytes(limits.memory));
    expect(all.reduce((sum, each) => sum + each, 0)).toBeLessThan(300);
  });

  it("listens at the VPS's mesh address for hosts and for who logs in, and on its loopback for whoever counts", () => {
    const ports = parts.flatMap(({ name, ports = [] }) =>
      ports.map(({ bind, host }) => `${name} ${bind}:${host}`),
    );
    expect(ports).toEqual([
      `control-plane-observer ${site.hosts.vps.mesh}:8081`,
      `control-plane-executor ${site.hosts.vps.mesh}:8082`,
      `control-plane-ui ${site.hosts.vps.mesh}:8080`,
      "control-plane-ui 127.0.0.1:8080",
    ]);
    for (const name of ["control-plane-observer", "control-plane-executor", "control-plane-ui"]) {
      expect(
        partNamed(name).requires?.map(({ on }) => on),
        name,
      ).toContain("gate:mesh");
    }
  });

  it("writes only folders that the VPS makes for its user, each part those of its own", () => {
    const made = new Map(vps.folders?.map((folder) => [folder.path, folder] as const));
    const mounts = parts.flatMap(({ name, mounts = [] }) =>
      mounts.flatMap((mount) => (mount.kind === "bind" ? [{ name, ...mount }] : [])),
    );
    for (const { source } of mounts) {
      expect(made.get(source), source).toMatchObject({ owner: "1000:1000", mode: "0750" });
    }
    const writers = mounts
      .filter(({ readOnly }) => readOnly !== true)
      .map(({ name, source }) => `${name.replace("control-plane-", "")} ${source}`);
    expect(writers).toEqual([
      "observer /opt/homelab/events",
      "observer /opt/homelab/world",
      "observer /opt/homelab/state/control-plane",
      "observer /opt/homelab/audit/observer",
      "supervisor /opt/homelab/state/control-plane",
      "supervisor /opt/homelab/queue",
      "supervisor /opt/homelab/audit/supervisor",
      "executor /opt/homelab/queue",
      "executor /opt/homelab/decisions",
      "executor /opt/homelab/claims",
      "executor /opt/homelab/audit/executor",
    ]);
  });

  it("can write no folder in which root keeps something", () => {
    const open = vps.folders?.filter(({ owner }) => owner !== "0:0").map(({ path }) => path);
    expect(open).not.toContain("/opt/homelab/state");
    expect(open).not.toContain("/opt/homelab/audit");
  });

  it("gives the Observer settings that it takes, with every host", async () => {
    const path = await written(partNamed("control-plane-observer"), "/homelab/observer.json");
    const settings = await readObserver(path);
    expect(Object.keys(settings.hosts)).toEqual([...HOSTS]);
    expect(settings).toMatchObject({
      build: "b1",
      root: "/opt/homelab",
      tokens: "/opt/homelab/tokens",
      listen: { port: 8081 },
      keep: { days: 30 },
    });
  });

  it("gives the page settings that it takes", async () => {
    const path = await written(partNamed("control-plane-ui"), "/homelab/operator-ui.json");
    expect(await readPage(path)).toMatchObject({
      build: "b2",
      counts: { port: 8084 },
      page: {
        listen: { port: 8080 },
        urls: [`http://${site.hosts.vps.mesh}:8080`],
        ownHosts: ["control-plane-ui:8080"],
        users: "/homelab/users.json",
        files: "/homelab/pages",
        graph: "/homelab/graph.json",
      },
    });
  });

  it("shows the page by the further names that the site gives it", async () => {
    const pageUrls = ["https://plane.example.com/homelab/"];
    const controlPlane = { keepDays: 30, signers: [], pageUrls };
    const { services } = declareFleet({ ...site, controlPlane }).vps.declaration;
    const ui = services.find(({ name }) => name === "control-plane-ui");
    if (!ui) throw new Error("there is no page");
    const settings = await readPage(await written(ui, "/homelab/operator-ui.json"));
    expect(settings.page?.urls).toEqual([`http://${site.hosts.vps.mesh}:8080`, ...pageUrls]);
  });

  it("lets the first user in at the page, as an operator, by a hash that only the page can read", async () => {
    const file = fileOf(partNamed("control-plane-ui"), "/homelab/users.json");
    const text = await renderContent(file.content, {
      secrets: { "control-plane-password": "pa55word" },
      values: {},
      saltKey: "key",
    });
    expect(text).not.toContain("pa55word");
    // As the stack writes what holds a secret.
    const path = join(mkdtempSync(join(tmpdir(), "users-")), "users.json");
    writeFileSync(path, text, { mode: 0o400 });
    const users = await readUsers(path);
    const login = { user: site.adminUser, password: "pa55word" };
    expect(await roleOf(users, login)).toBe("operator");
    expect(isSecretContent(file.content)).toBe(true);
    expect(file.mode).toBeUndefined();
  });

  it("has the page's password in the config of the VPS alone", () => {
    expect(stacksWith("control-plane-password", hostsWithEverything)).toEqual(["vps"]);
  });

  it("lets the page read what it shows, and write nothing", () => {
    const { mounts = [] } = partNamed("control-plane-ui");
    expect(mounts.map((mount) => [mount.target, mount.kind === "tmpfs" || mount.readOnly])).toEqual(
      ["world", "state", "queue", "events"].map((each) => [`/opt/homelab/${each}`, true]),
    );
  });

  it("knows each host's token by its SHA-256 alone", async () => {
    const known = ["control-plane-observer", "control-plane-executor"].flatMap((name) =>
      HOSTS.map((host) => ({
        host,
        content: fileOf(partNamed(name), `/opt/homelab/tokens/${host}`).content,
      })),
    );
    for (const { host, content } of known) {
      expect(content).toEqual({ kind: "sha256", secret: `observer-token-${host}` });
      const secrets = { [`observer-token-${host}`]: "t0ken" };
      const text = await renderContent(content, { secrets, values: {}, saltKey: "" });
      expect(text).toBe(`${createHash("sha256").update("t0ken").digest("hex")}\n`);
    }
  });

  it("has a token of each host's own in the config of that host and of the VPS, and in no other", () => {
    expect(stacksWith("observer-token-nas", hostsWithEverything)).toEqual(["vps", "nas"]);
    expect(stacksWith("observer-token-docker-vm", hostsWithEverything)).toEqual([
      "vps",
      "docker-vm",
    ]);
    expect(stacksWith("observer-token-vps", hostsWithEverything)).toEqual(["vps"]);
    for (const host of [nas, dockerVm]) {
      const more = secretsUsedBy(host).filter((name) => name.startsWith("observer-token"));
      expect(more).toEqual([`observer-token-${host.host}`]);
      expect(host.secrets?.[more[0] ?? ""]?.origin).toEqual({ kind: "generated", length: 48 });
      expect(secretsOf(host)).toContain(more[0]);
    }
  });

  it("tells the Executor which services are its own, which are all of them (R23)", () => {
    const own = partNamed("control-plane-executor").env?.["HOMELAB_OWN"]?.split(" ");
    expect(own).toEqual(parts.map(({ name }) => `vps/${name}`));
  });

  it("is told by every host at the VPS's mesh address", () => {
    expect(hostsWithEverything.map(({ reporting }) => reporting?.url)).toEqual(
      HOSTS.map(() => `http://${site.hosts.vps.mesh}:8081`),
    );
  });

  it("has nothing carried out on any host while nobody may approve", () => {
    expect(hostsWithEverything.map(({ acting }) => acting)).toEqual(HOSTS.map(() => undefined));
  });

  it("lets each host fetch from its Executor what a signer approved", () => {
    const signers = [{ name: "anna", key: "ssh-ed25519 AAAA" }];
    const settings = { ...site, controlPlane: { keepDays: 30, signers } };
    const url = `http://${site.hosts.vps.mesh}:8082`;
    for (const host of HOSTS) expect(reporting(settings, host).acting).toEqual({ url, signers });
  });

  it("leaves its port of the loopback to nobody else on the VPS", () => {
    const onLoopback = vps.services.flatMap(({ name, ports = [] }) =>
      ports.filter(({ bind, host }) => bind === "127.0.0.1" && host === 8080).map(() => name),
    );
    expect(onLoopback).toEqual(["control-plane-ui"]);
  });
});
