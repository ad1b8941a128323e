import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { CHECKOUT } from "../support/rooms.ts";
import { site } from "../support/site.ts";
import { copyOfCheckout, follow, stepsOf } from "../support/guide-steps.ts";

const steps = stepsOf(readFileSync(join(CHECKOUT, "docs/guides/add-a-service.md"), "utf8"));

/** What the copy says of itself, asked in a process of its own. */
interface Said {
  /** Findings of `validate` about the declarations and the images. */
  readonly problems: readonly { readonly path: string }[];
  /** Whose files name the new site: path of the service to the lines. */
  readonly mentions: Readonly<Record<string, string>>;
  readonly monitors: readonly { readonly name: string; readonly url?: string }[];
  readonly protects: readonly string[];
  readonly secrets: readonly string[];
  readonly stands: readonly string[];
  /** Type tokens and container names of the sandbox's images and of the components. */
  readonly sandboxImages: readonly string[];
  readonly components: readonly string[];
  readonly before: Readonly<Record<string, readonly string[]>>;
}

const QUESTION = `
import * as components from "./components/apps.ts";
import { uptimeMonitors } from "./components/monitoring/uptime-monitors.plan.ts";
import { declareFleet } from "./household/fleet.plan.ts";
import { HOSTS } from "./model/host-names.ts";
import { secretsOf } from "./model/host-secrets.ts";
import { findProblems } from "./model/validate.ts";
import { IMAGES } from "./sandbox/images/manifest.ts";

const site = JSON.parse(process.argv[2]);
const fleet = declareFleet(site);
const hosts = HOSTS.map((host) => fleet[host].declaration);
const contracts = hosts.flatMap(({ contracts: own = [] }) => own);
const everything = hosts.flatMap(({ host, services }) => services.map((service) => ({ host, service })));
const own = everything.filter(({ service }) => service.stack === "feeds").map(({ service }) => service);
const mentions = everything
  .filter(({ service }) => service.stack !== "feeds")
  .flatMap(({ host, service }) => {
    const text = JSON.stringify(service.files ?? []).split("\\\\n");
    const lines = text.filter((line) => /feeds\\.|miniflux/i.test(line));
    return lines.length > 0 ? [[host + "/" + service.name, lines.join("\\n")]] : [];
  });
console.log(JSON.stringify({
  problems: findProblems(hosts, contracts),
  mentions: Object.fromEntries(mentions),
  monitors: uptimeMonitors(site, hosts),
  protects: own.flatMap(({ backup }) => backup?.protects ?? []),
  secrets: secretsOf(fleet["docker-vm"].declaration),
  sandboxImages: IMAGES.map(({ reference }) => reference),
  components: Object.keys(components),
  before: Object.fromEntries(own.map(({ name, requires = [] }) => [name, requires.map(({ on }) => on)])),
}));
`;

let folder: string;
let said: Said;

beforeAll(async () => {
  folder = copyOfCheckout();
  follow(folder, steps);
  writeFileSync(join(folder, "question.ts"), QUESTION);
  const { stdout } = await execa(
    process.execPath,
    ["--import", "tsx", "question.ts", JSON.stringify(site)],
    { cwd: folder },
  );
  said = JSON.parse(stdout) as Said;
});

describe("the service that the guide adds", () => {
  it("takes five files, of which two are new", () => {
    const files = [...new Set(steps.map(({ file }) => file))];
    const made = steps.filter(({ kind }) => kind === "new");
    expect([files.length, made.length]).toEqual([5, 2]);
  });

  it("is formatted and typed as everything here", async () => {
    const files = [...new Set(steps.map(({ file }) => file))];
    const run = { cwd: folder, reject: false, all: true } as const;
    const bin = join(CHECKOUT, "node_modules/.bin");
    const written = await execa(`${bin}/prettier`, ["--check", ...files], run);
    expect([written.exitCode, written.all]).toEqual([0, expect.anything()]);
    writeFileSync(
      join(folder, "tsconfig.feeds.json"),
      JSON.stringify({ extends: "./tsconfig.json", include: [], files }),
    );
    const typed = await execa(`${bin}/tsc`, ["--noEmit", "-p", "tsconfig.feeds.json"], run);
    expect([typed.exitCode, typed.all]).toEqual([0, ""]);
  });

  it("breaks no rule of the house", () => {
    expect(said.problems).toEqual([]);
  });

  it("is served by the proxy, which asks Authelia first, as Authelia is told", () => {
    expect(said.mentions["docker-vm/caddy"]).toContain("feeds.home.example");
    expect(said.mentions["docker-vm/caddy"]).toContain("miniflux:8080");
    expect(said.mentions["docker-vm/authelia"]).toContain("feeds.home.example");
  });

  it("is known by name on both sides of the mesh", () => {
    expect(Object.keys(said.mentions)).toEqual(
      expect.arrayContaining(["docker-vm/pihole", "vps/headscale"]),
    );
  });

  it("is watched from outside, measured and shown, although nobody was told", () => {
    expect(said.monitors).toContainEqual(
      expect.objectContaining({ name: "Miniflux", url: "https://feeds.home.example" }),
    );
    expect(said.mentions["docker-vm/vmagent"]).toContain("miniflux:8080");
    expect(said.mentions["docker-vm/homepage"]).toContain("Miniflux");
  });

  it("has its database copied, and a password that rotates", () => {
    expect(said.protects).toContain("miniflux-db-data");
    expect(said.secrets).toContain("miniflux-db-password");
  });

  it("waits for its database", () => {
    expect(said.before["miniflux"]).toContain("miniflux-db");
  });

  it("has a component, and something that stands for its image in the sandbox", () => {
    expect(said.components).toContain("Miniflux");
    expect(said.sandboxImages).toContain("docker.io/miniflux/miniflux:2.3.3");
  });

  it("stands in the graph of its host, by the copy's own command line", async () => {
    const { stdout } = await execa(process.execPath, ["cli/homelab.mjs", "graph", "docker-vm"], {
      cwd: folder,
      env: { PULUMI_OPTION_CWD: folder },
    });
    expect(stdout).toContain("miniflux");
  });
});
