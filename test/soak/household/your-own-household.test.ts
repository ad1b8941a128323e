// docs/guides/your-own-household.md, done in a copy of the checkout and deployed to the two bare
// machines that the copy's sandbox makes of its hosts.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import type { MachineName } from "../../../sandbox/addresses.ts";
import { hostWith } from "../../../model/host-names.ts";
import { projectPaths, pulumiEnvironment } from "../../../sandbox/project.ts";
import { programFolder } from "../../../sandbox/toolchain.ts";
import { onOwn, own, OWN_ENVIRONMENT } from "../../e2e/sandbox/own-sandbox.ts";
import { copyOfCheckout, follow, stepsOf } from "../../support/guide-steps.ts";
import { namesOfThisHomeIn } from "../../support/names-of-this-home.ts";
import { CHECKOUT } from "../../support/rooms.ts";

const HOSTS = ["beacon", "burrow"] as const;
type Host = (typeof HOSTS)[number];

const BEACON = own.network.machines[hostWith("coordinator")];
const BURROW = own.network.machines[hostWith("home")];

const GUIDE = "docs/guides/your-own-household.md";
const CAMERA_PASSWORD = "of-the-camera-in-the-orchard";

let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = copyOfCheckout();
  follow(folder, stepsOf(await readFile(join(CHECKOUT, GUIDE), "utf8")));
  await sandbox("up");
  await settle();
  const programs = await programFolder(own, "pulumi");
  env = {
    ...pulumiEnvironment(own),
    PULUMI_OPTION_CWD: folder,
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PATH: `${programs}:${process.env["PATH"] ?? ""}`,
    NO_COLOR: "1",
  };
});

afterAll(async () => {
  await sandbox("down");
  await rm(folder, { recursive: true, force: true });
});

/** The copy's own: a machine for each of its hosts, at the addresses that their roles have here too. */
function sandbox(verb: "up" | "down") {
  return execa("node", ["cli/homelab.mjs", "sandbox", verb], { cwd: folder, env: OWN_ENVIRONMENT });
}

/** What a sandbox has otherwise than a home: addresses, images, and nobody who signs. */
async function settle(): Promise<void> {
  const file = join(folder, "Pulumi.yaml");
  const project = parse(await readFile(file, "utf8")) as {
    readonly config: { readonly "homelab:site": { readonly value: Record<string, unknown> } };
  };
  const { registry } = own.network;
  Object.assign(project.config["homelab:site"].value, {
    hosts: {
      beacon: { lan: BEACON, mesh: "100.64.0.1" },
      burrow: { lan: BURROW, mesh: "100.64.0.2" },
    },
    certificates: { beacon: { issuer: "internal" }, burrow: { issuer: "internal" } },
    dnsUpstreams: [registry],
  });
  await writeFile(file, stringify(project));
  await mkdir(join(folder, "state"));
  await copyFile(projectPaths(own.folder).imageLock, join(folder, "images.lock.json"));
  // No name server is asked before the mesh is joined.
  const name = `${BEACON} hs.meadow.example`;
  for (const host of HOSTS) await on(host, `echo '${name}' >> /etc/hosts`);
}

/** Runs a shell script on a host and answers its output; fails when it fails. */
function on(host: Host, script: string): Promise<string> {
  // A machine of the copy's sandbox, which this checkout's hosts do not name.
  return onOwn(host as string as MachineName, "sh", "-c", script);
}

async function run(program: string, args: readonly string[], input = "") {
  const ended = await execa(program, args, {
    cwd: folder,
    env,
    input,
    all: true,
    reject: false,
    timeout: 900_000,
  });
  return { code: ended.exitCode, output: ended.all };
}

function pulumi(args: readonly string[], input?: string) {
  return run("pulumi", [...args, "--color", "never", "--non-interactive"], input);
}

function homelab(...args: string[]) {
  return run("node", ["cli/homelab.mjs", ...args]);
}

/** What a visitor of a site at home is answered with. */
function visit(name: string, path: string): Promise<string> {
  const site = `${name}.meadow.example`;
  return on(
    "burrow",
    `curl --insecure --silent --output /dev/null --write-out '%{http_code}' --resolve ${site}:443:127.0.0.1 https://${site}${path}`,
  );
}

describe("the household that the guide makes, on two bare machines", () => {
  it("has its stacks and secrets made, but for the one that only a person has", async () => {
    const made = await homelab("secrets", "init");
    expect(made.code, made.output).toBe(0);
    expect(made.output).toContain("frigate-orchard-password");
    const key = "homelab:frigate-orchard-password";
    const args = ["config", "set", "--secret", key, "--stack", "burrow"];
    expect((await pulumi(args, CAMERA_PASSWORD)).code).toBe(0);
    const valid = await homelab("validate");
    expect(valid.code, valid.output).toBe(0);
  });

  it.each(HOSTS)("is deployed to %s, where every container becomes healthy", async (host) => {
    const { code, output } = await pulumi(["up", "--yes", "--skip-preview", "--stack", host]);
    expect(code, output.slice(-6000)).toBe(0);
    const states = await on(host, "docker ps --all --format '{{.Names}} {{.Status}}'");
    expect(states.split("\n").filter((line) => !line.includes("(healthy)"))).toEqual([]);
  });

  it("is one mesh under its own names", async () => {
    const members = await on("burrow", "tailscale status");
    expect(members).toMatch(/^100\.64\.0\.1 +beacon\b/m);
    expect(members).toMatch(/^100\.64\.0\.2 +burrow\b/m);
  });

  it("serves its sites under its own domain", async () => {
    expect(await visit("hearth", "/manifest.json")).toBe("200");
    expect(await visit("lookout", "/api/version")).toBe("200");
  });

  it("copies both hosts to the storage, which is the home itself", async () => {
    const copied = await homelab("backup", "run", "beacon", "burrow");
    expect(copied.code, copied.output).toBe(0);
    const kept = await on("burrow", "cd /srv/backup/restic && ls -d */*");
    expect(kept.split("\n")).toEqual(
      expect.arrayContaining(["beacon/beacon", "homelab/caddy", "homelab/homeassistant"]),
    );
  });

  it("keeps recordings in its own folder, and mounts nothing", async () => {
    expect(await on("burrow", "ls /srv/frigate")).toContain("recordings");
    expect(await on("burrow", "findmnt --list --noheadings --output TARGET")).not.toContain(
      "/mnt/",
    );
  });

  it("has nothing of this home in its containers and files", async () => {
    for (const host of HOSTS) {
      const made = await on(
        host,
        `docker ps --all --quiet | xargs docker inspect
        docker network ls; docker volume ls; cat /opt/homelab/desired/*.json
        find /opt/homelab/files -type f -exec cat {} +`,
      );
      expect(namesOfThisHomeIn(made), host).toEqual([]);
    }
  });

  it.each(HOSTS)("has nothing left to change on %s", async (host) => {
    const preview = await pulumi(["preview", "--expect-no-changes", "--stack", host]);
    expect(preview.code, preview.output.slice(-6000)).toBe(0);
  });
});
