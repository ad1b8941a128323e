import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { hostWith } from "../../../model/host-names.ts";
import type { MachineName } from "../../../sandbox/addresses.ts";
import { projectPaths, pulumiEnvironment } from "../../../sandbox/project.ts";
import { programFolder } from "../../../sandbox/toolchain.ts";
import { onOwn, own, OWN_ENVIRONMENT } from "../../e2e/sandbox/own-sandbox.ts";
import { copyOfCheckout, follow, stepsOf } from "../../support/guide-steps.ts";
import { CHECKOUT } from "../../support/rooms.ts";

/** The hosts of the household that docs/guides/your-own-household.md makes, in their order. */
export const HOSTS = ["beacon", "burrow"] as const;
/** One of them. */
export type Host = (typeof HOSTS)[number];

const GUIDE = "docs/guides/your-own-household.md";
const BEACON = own.network.machines[hostWith("coordinator")];
const BURROW = own.network.machines[hostWith("home")];

/** What a command of a person ended with. */
interface Ended {
  readonly code: number | undefined;
  /** Standard output and error in the order they came. */
  readonly output: string;
}

/** The guide's household on bare machines, with nothing deployed yet. */
export interface OwnHousehold {
  /** The copy of the checkout that it is. */
  readonly folder: string;
  /** Runs `pulumi` in it. */
  pulumi(args: readonly string[], input?: string): Promise<Ended>;
  /** `pulumi up` without questions. */
  up(host: Host): Promise<Ended>;
  /** Runs `homelab …` from it. */
  homelab(...words: string[]): Promise<Ended>;
  /** Gives a stack a secret that only a person has, e.g. "frigate-orchard-password". */
  setSecret(host: Host, name: string, value: string): Promise<void>;
  /** Takes machines and folder away. */
  remove(): Promise<void>;
}

/** Follows the guide in a copy of the checkout, and makes the machines of its hosts. */
export async function ownHousehold(): Promise<OwnHousehold> {
  const folder = copyOfCheckout();
  const sandbox = (verb: "up" | "down") =>
    execa("node", ["cli/homelab.mjs", "sandbox", verb], { cwd: folder, env: OWN_ENVIRONMENT });
  follow(folder, stepsOf(await readFile(join(CHECKOUT, GUIDE), "utf8")));
  await sandbox("up");
  await settle(folder);
  const programs = await programFolder(own, "pulumi");
  const env = {
    ...pulumiEnvironment(own),
    PULUMI_OPTION_CWD: folder,
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PATH: `${programs}:${process.env["PATH"] ?? ""}`,
    NO_COLOR: "1",
  };
  const run = async (program: string, args: readonly string[], input = ""): Promise<Ended> => {
    const options = {
      cwd: folder,
      env,
      input,
      all: true,
      reject: false,
      timeout: 900_000,
    } as const;
    const { exitCode, all } = await execa(program, args, options);
    return { code: exitCode, output: all };
  };
  const pulumi: OwnHousehold["pulumi"] = (args, input) =>
    run("pulumi", [...args, "--color", "never", "--non-interactive"], input);
  return {
    folder,
    pulumi,
    up: (host) => pulumi(["up", "--yes", "--skip-preview", "--stack", host]),
    homelab: (...words) => run("node", ["cli/homelab.mjs", ...words]),
    setSecret: async (host, name, value) => {
      const args = ["config", "set", "--secret", `homelab:${name}`, "--stack", host];
      const { code, output } = await pulumi(args, value);
      if (code !== 0) throw new Error(`${name} of ${host} could not be set: ${output}`);
    },
    remove: async () => {
      await sandbox("down");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a sandbox has otherwise than a home: addresses, images, and nobody who signs. */
async function settle(folder: string): Promise<void> {
  const file = join(folder, "Pulumi.yaml");
  const project = parse(await readFile(file, "utf8")) as {
    readonly config: { readonly "homelab:site": { readonly value: Record<string, unknown> } };
  };
  const { registry } = own.network;
  Object.assign(project.config["homelab:site"].value, {
    // The copy's sandbox gives a role's machine the address that it has here.
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
export function on(host: Host, script: string): Promise<string> {
  // A machine of the copy's sandbox, which this checkout's hosts do not name.
  return onOwn(host as string as MachineName, "sh", "-c", script);
}

/** What a visitor of a site at home is answered with: "200", or "302 <where to>". */
export function visit(name: string, path = "/"): Promise<string> {
  const site = `${name}.meadow.example`;
  return on(
    "burrow",
    `curl --insecure --silent --output /dev/null --header 'Accept: text/html' --write-out '%{http_code} %{redirect_url}' --resolve ${site}:443:127.0.0.1 https://${site}${path}`,
  );
}

/** The containers of a host that are not healthy, each with its status. */
export async function troubledOn(host: Host): Promise<string[]> {
  const states = await on(host, "docker ps --all --format '{{.Names}} {{.Status}}'");
  return states.split("\n").filter((line) => !line.includes("(healthy)"));
}
