import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { copyOfCheckout, follow, stepsOf } from "../support/guide-steps.ts";
import { namesOfThisHome, namesOfThisHomeIn } from "../support/names-of-this-home.ts";
import { CHECKOUT } from "../support/rooms.ts";

const page = readFileSync(join(CHECKOUT, "docs/guides/your-own-household.md"), "utf8");
const steps = stepsOf(page);
const written = steps.filter(({ kind }) => kind === "new" || kind === "edit");
const BIN = join(CHECKOUT, "node_modules/.bin");

/** What the copy says of itself, asked in a process of its own. */
interface Said {
  readonly order: readonly string[];
  readonly apps: readonly string[];
  /** Findings of `validate`. */
  readonly problems: readonly string[];
  /** By app that is left out: what the others say to that, or "made" where its host's program ran. */
  readonly without: Readonly<Record<string, string>>;
  /** Names of the resources of each stack, on mocks. */
  readonly resources: Readonly<Record<string, readonly string[]>>;
  /** Everything that is declared and made, unpacked. */
  readonly text: string;
}

/** In place of the tests' own made-up site, which is one of this home's hosts. */
const SITE = `
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { parseSite } from "../../model/site.ts";

const project = parse(readFileSync("Pulumi.yaml", "utf8"));
export const site = parseSite(project.config["homelab:site"].value);
`;

const QUESTION = `
import { meshPolicy } from "../components/networking/mesh-policy.plan.ts";
import { uptimeMonitors } from "../components/monitoring/uptime-monitors.plan.ts";
import { graphReport } from "../cli/graph/report.ts";
import { declareFleet } from "../household/fleet.plan.ts";
import { HOSTS } from "../model/host-names.ts";
import { hostPlan } from "../model/host-plan.ts";
import { contractsOf } from "../model/image-catalogue.ts";
import { problemText } from "../model/problem.ts";
import { findProblems } from "../model/validate.ts";
import { repositoryText } from "../stacks/control-plane.ts";
import { site } from "./support/site.ts";
import { recordStack, unpackedText } from "./support/stack-program.ts";

const lock = { version: 1, images: {} };
const declared = (without) => {
  const fleet = declareFleet(site, without);
  const hosts = HOSTS.map((host) => fleet[host].declaration);
  return { fleet, hosts, problems: findProblems(hosts, contractsOf(hosts)).map(problemText) };
};
const { fleet, hosts, problems } = declared([]);
const apps = HOSTS.flatMap((host) => Object.keys(fleet[host].apps).map((app) => host + "/" + app));

const outcome = async (app) => {
  try {
    const { problems } = declared([app]);
    if (problems.length > 0) return problems[0];
    await recordStack(app.split("/")[0], { without: [app] });
    return "made";
  } catch (error) {
    if (!("code" in error)) throw error;
    return error.message.split("\\n")[1].trim();
  }
};
const without = {};
for (const app of apps) without[app] = await outcome(app);

const made = {};
for (const host of HOSTS) made[host] = await recordStack(host);
const everything = JSON.stringify([
  hosts,
  made,
  hosts.map((host) => hostPlan(host, lock, "")),
  meshPolicy(site, hosts),
  uptimeMonitors(site, hosts),
  graphReport(hosts, "all"),
  repositoryText({ site, fleet, lock }),
]);
const packed = everything.match(/[A-Za-z0-9+/]{16,}={0,2}/g) ?? [];
const text = [everything, ...packed.map((part) => unpackedText(Buffer.from(part, "base64")))];
console.log(JSON.stringify({
  order: HOSTS,
  apps,
  problems,
  without,
  resources: Object.fromEntries(HOSTS.map((host) => [host, made[host].map(({ name }) => name)])),
  text: text.join("\\n"),
}));
`;

let folder: string;
let said: Said;

beforeAll(async () => {
  folder = copyOfCheckout();
  follow(folder, steps);
  cpSync(join(CHECKOUT, "test/support"), join(folder, "test/support"), { recursive: true });
  writeFileSync(join(folder, "test/support/site.ts"), SITE);
  writeFileSync(join(folder, "test/question.ts"), QUESTION);
  const { stdout } = await execa(process.execPath, ["--import", "tsx", "test/question.ts"], {
    cwd: folder,
    maxBuffer: 200_000_000,
  });
  said = JSON.parse(stdout) as Said;
}, 600_000);

/** Runs a program of the checkout in the copy. */
async function inCopy(program: string, ...args: string[]) {
  const run = await execa(join(BIN, program), args, { cwd: folder, reject: false, all: true });
  return { code: run.exitCode, output: run.all };
}

describe("the household that the guide makes", () => {
  it("touches household/, Pulumi.yaml and the stacks' files, and nothing else", () => {
    const touched = steps.flatMap((step) =>
      step.kind === "move" ? [step.file, step.to] : [step.file],
    );
    const others = touched.filter(
      (file) => !/^(household\/[\w.-]+|Pulumi(\.[\w-]+)?\.yaml)$/.test(file),
    );
    expect([touched.length > 0, others]).toEqual([true, []]);
  });

  it("is two hosts with eight apps, deployed in that order", () => {
    expect(said.order).toEqual(["beacon", "burrow"]);
    expect(said.apps).toEqual([
      "beacon/headscale",
      "beacon/caddy",
      "beacon/ntfy",
      "burrow/restic-rest",
      "burrow/caddy",
      "burrow/mosquitto",
      "burrow/home-assistant",
      "burrow/frigate",
    ]);
  });

  it("breaks no rule of the house", () => {
    expect(said.problems).toEqual([]);
  });

  it("is realised by both stacks: its apps, its gates, its place in the mesh", () => {
    for (const app of said.apps) {
      const [host = "", name = ""] = app.split("/");
      expect(said.resources[host], app).toContain(`${name}-app`);
    }
    expect(said.resources["burrow"]).toEqual(
      expect.arrayContaining(["burrow-folders", "gate-folder-frigate", "gate-mesh", "host-plan"]),
    );
  });

  it("mounts and exports nothing, since one host is storage and home", () => {
    const mounts = /^(network-mounts|nfs-exports|gate-burrow-)/;
    expect(said.resources["burrow"]?.filter((name) => mounts.test(name))).toEqual([]);
  });

  it("is made with its own domain, camera and addresses", () => {
    for (const own of ["meadow.example", "orchard", "198.51.100.40", "100.64.0.2"]) {
      expect(said.text).toContain(own);
    }
  });

  it("has nothing of this home in what it makes", () => {
    expect(namesOfThisHome().length).toBeGreaterThan(30);
    expect(namesOfThisHomeIn(said.text)).toEqual([]);
  });

  it("says in a line who needs an app that is left out, and is made without any other", () => {
    expect(said.without).toEqual({
      "beacon/headscale": expect.stringMatching(
        /^beacon\.caddy\.requires\[0\]: "headscale" /,
      ) as string,
      "beacon/caddy": expect.stringMatching(
        /^beacon has no reverse proxy, .*: beacon\/headscale \(hs\.meadow\.example\), beacon\/ntfy /,
      ) as string,
      "beacon/ntfy": expect.stringMatching(/"ntfy-token" is a secret that no app /) as string,
      "burrow/restic-rest": expect.stringMatching(
        /"restic-rest" is not declared on burrow$/,
      ) as string,
      "burrow/caddy": expect.stringMatching(
        /^burrow has no reverse proxy, .* burrow\/homeassistant \(hearth\.meadow\.example\)/,
      ) as string,
      "burrow/mosquitto": expect.stringMatching(
        /"mqtt-frigate-password" is a secret that no app /,
      ) as string,
      "burrow/home-assistant": expect.stringMatching(
        /must never be lost, and no backup job /,
      ) as string,
      "burrow/frigate": "made",
    });
    expect(page).toContain(`    ${said.without["beacon/headscale"] ?? ""}\n`);
  });

  it("is formatted and linted as everything here", async () => {
    const files = [...new Set(written.map(({ file }) => file))];
    const prettier = await inCopy("prettier", "--check", ...files);
    expect(prettier).toEqual({ code: 0, output: expect.anything() as unknown });
    const linted = await inCopy("eslint", "household");
    expect(linted).toEqual({ code: 0, output: "" });
  }, 600_000);

  it("is typed, and so are all rooms that work on whatever hosts there are", async () => {
    const rooms = ["household", "workspace", "deploy", "cli", "sandbox", "bench"];
    // The benchmark's crowd stands on this home's Docker VM.
    const exclude = ["bench/crowd/docker-vm.plan.ts"];
    const config = { extends: "./tsconfig.json", include: rooms, exclude };
    writeFileSync(join(folder, "tsconfig.household.json"), JSON.stringify(config));
    const typed = await inCopy("tsc", "--noEmit", "-p", "tsconfig.household.json");
    expect(typed).toEqual({ code: 0, output: "" });
  }, 600_000);

  it("has an imported app with a site join the network that its proxy dials into", async () => {
    const file = join(CHECKOUT, "test/compose/files/notes/docker-compose.yml");
    const words = ["cli/homelab.mjs", "import", file, "--host", "burrow", "--print"];
    const { stdout } = await execa(process.execPath, words, {
      cwd: folder,
      env: { PULUMI_OPTION_CWD: folder },
    });
    expect(stdout).toContain(
      'networks: [{ name: "notes-net", aliases: ["app"] }, { name: proxy.network }]',
    );
  });

  it("stands in the graph, by the copy's own command line", async () => {
    const { stdout } = await execa(process.execPath, ["cli/homelab.mjs", "graph"], {
      cwd: folder,
      env: { PULUMI_OPTION_CWD: folder },
    });
    expect(stdout).toContain("burrow/frigate");
  });
});
