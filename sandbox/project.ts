// The sandbox's own Pulumi project: a folder with a Pulumi.yaml whose `main` is the checkout, and
// stack files with the sandbox's values. Plain `pulumi` uses it through PULUMI_OPTION_CWD, and no
// committed file is touched.
import { existsSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { declareFleet } from "../household/fleet.plan.ts";
import { byHost, HOSTS, hostWith } from "../model/host-names.ts";
import { secretsAmong, secretsOf } from "../model/host-secrets.ts";
import type { SecretName, SecretOrigin, Secrets } from "../model/secrets.ts";
import { parseSite } from "../model/site.ts";
import { writeWhole } from "../workspace/whole-file.ts";
import { MACHINES, MESH_ADDRESSES, SANDBOX_DOMAIN, type MachineName } from "./addresses.ts";
import { runPulumi } from "../workspace/pulumi-events.ts";
import { EXPORTS } from "./exports.ts";
import { NAS_MOUNTS } from "./mounts.ts";
import { crypterFor, derivedSecret } from "./pulumi-crypter.ts";
import type { SandboxSettings } from "./settings.ts";
import { sshConfigPath } from "./ssh.ts";

/** Port of the storage's machine at which a test may hear that the VPS is away. */
export const AWAY_PORT = 9099;

/** Paths of the sandbox's Pulumi project. */
export function projectPaths(folder: string) {
  return {
    project: join(folder, "project"),
    state: join(folder, "state"),
    passphrase: join(folder, "passphrase"),
    home: join(folder, "pulumi"),
    /** Digests of the images in the sandbox's registry; written by whoever pushes them. */
    imageLock: join(folder, "images.lock.json"),
  };
}

/**
 * Config values of a stack in the sandbox, by their full key; secrets are not among them.
 * @param approver public key of who may approve there. @default nobody may
 */
export function sandboxConfig(
  settings: SandboxSettings,
  // All stacks have the same values so far; the stack is named so that one may differ.
  _stack: MachineName,
  approver?: string,
): Record<string, unknown> {
  const proxies = [hostWith("coordinator"), hostWith("home")];
  return {
    "homelab:site": {
      domain: SANDBOX_DOMAIN,
      timezone: "America/Asuncion",
      adminUser: "admin",
      hosts: byHost(MACHINES, (machine) => ({
        lan: settings.network.machines[machine],
        mesh: MESH_ADDRESSES[machine],
      })),
      mesh: { coordinator: "headscale", addresses: "sequential" },
      certificates: byHost(proxies, () => ({ issuer: "internal" })),
      ...(EXPORTS && { nasMounts: { ...NAS_MOUNTS } }),
      renderGroups: ["992", "44"],
      javya: { registry: "registry.sandbox/household" },
      controlPlane: {
        signers: approver === undefined ? [] : [{ name: "sandbox", key: approver }],
        notifications: {
          // Sooner than at home, for who looks on; nobody waits for the webhook but tests.
          tellAfterSeconds: 10,
          endAfterSeconds: 30,
          whenAway: {
            webhook: `http://${settings.network.machines[hostWith("storage")]}:${AWAY_PORT}/`,
            afterSeconds: 20,
          },
        },
      },
      // Nobody answers there, and nothing outside the sandbox is asked.
      dnsUpstreams: [settings.network.registry],
    },
    "homelab:imageLock": projectPaths(settings.folder).imageLock,
    "pulumi:disable-default-providers": ["docker"],
  };
}

/** Environment in which plain `pulumi` works on the sandbox. */
export function pulumiEnvironment(settings: SandboxSettings): Record<string, string> {
  const paths = projectPaths(settings.folder);
  return {
    PULUMI_HOME: paths.home,
    PULUMI_BACKEND_URL: `file://${paths.state}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: paths.passphrase,
    PULUMI_OPTION_CWD: paths.project,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "1",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    // Most steps wait for a container on another machine; the default (four for each processor of
    // this one) would let ready services wait for a free place.
    PULUMI_PARALLEL: "32",
    HOMELAB_SANDBOX: settings.folder,
    HOMELAB_SSH_CONFIG: sshConfigPath(settings.folder),
  };
}

/**
 * Writes the project and whatever config values the stack files lack; a value that
 * was changed by hand, and every secret, survives the next `up`.
 * @param programs folder with pulumi and its plugins
 * @param approver public key of who may approve what the control plane recommends
 */
export async function ensureProject(
  settings: SandboxSettings,
  programs: string,
  approver: string,
): Promise<void> {
  const paths = projectPaths(settings.folder);
  for (const folder of [paths.project, paths.state, paths.home]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  const committed = await readFile(join(settings.checkout, "Pulumi.yaml"), "utf8");
  await writeFile(join(paths.project, "Pulumi.yaml"), projectText(committed, settings.checkout));
  const passphrase = await ensurePassphrase(paths.passphrase);
  await Promise.all(
    MACHINES.map((stack) => ensureStackFile(settings, stack, passphrase, approver)),
  );
  await ensureStacks(settings, programs);
}

/** The committed Pulumi.yaml with `main` pointing back at the checkout. */
export function projectText(committed: string, checkout: string): string {
  const project = z.looseObject({ main: z.string().optional() }).parse(parse(committed));
  return stringify({ ...project, main: join(checkout, project.main ?? ".") });
}

async function ensurePassphrase(file: string): Promise<string> {
  if (!existsSync(file)) await writeWhole(file, randomBytes(24).toString("hex"), 0o600);
  return await readFile(file, "utf8");
}

const stackFileSchema = z.looseObject({
  encryptionsalt: z.string().optional(),
  config: z.record(z.string(), z.unknown()).default({}),
});

async function ensureStackFile(
  settings: SandboxSettings,
  stack: MachineName,
  passphrase: string,
  approver: string,
): Promise<void> {
  const file = join(projectPaths(settings.folder).project, `Pulumi.${stack}.yaml`);
  const text = await readFile(file, "utf8").catch(() => "{}");
  const found = stackFileSchema.parse(parse(text));
  const written = await readWritten(settings, stack);
  const secrets = sandboxSecrets(settings, stack);
  const missingSecrets = Object.keys(secrets).filter((name) => !(secretKey(name) in found.config));
  const missingPlain = Object.entries(sandboxConfig(settings, stack, approver)).filter(
    ([key, value]) =>
      !(key in found.config) ||
      (same(found.config[key], written[key]) && !same(found.config[key], value)),
  );
  if (missingSecrets.length + missingPlain.length === 0) return;
  const crypter = await crypterFor(passphrase, found.encryptionsalt);
  const made = missingSecrets.map((name): [string, unknown] => [
    secretKey(name),
    { secure: crypter.encrypt(sandboxSecret(passphrase, name, secrets[name]?.origin)) },
  ]);
  const config: Record<string, unknown> = {
    ...found.config,
    ...Object.fromEntries(missingPlain),
    ...Object.fromEntries(made),
  };
  await writeWhole(file, stringify({ ...found, encryptionsalt: crypter.salt, config }), 0o600);
  await writeWhole(
    writtenFile(settings, stack),
    JSON.stringify({ ...written, ...Object.fromEntries(missingPlain) }),
    0o600,
  );
}

/** The plain values that an `up` put into a stack file: only these may a later `up` renew. */
function writtenFile(settings: SandboxSettings, stack: MachineName): string {
  return join(projectPaths(settings.folder).project, `written.${stack}.json`);
}

async function readWritten(
  settings: SandboxSettings,
  stack: MachineName,
): Promise<Record<string, unknown>> {
  const text = await readFile(writtenFile(settings, stack), "utf8").catch(() => "{}");
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function secretKey(name: SecretName): string {
  return `homelab:${name}`;
}

/** Length of a secret that at home only a person has. */
const PERSONS_LENGTH = 29;

/** A made-up value of a secret, the same for the same passphrase. */
export function sandboxSecret(passphrase: string, name: SecretName, origin?: SecretOrigin): string {
  if (origin?.kind !== "generated") return derivedSecret(passphrase, name, PERSONS_LENGTH);
  return (origin.prefix ?? "") + derivedSecret(passphrase, name, origin.length);
}

/** What the household's stack has to be told in the sandbox. */
function sandboxSecrets(settings: SandboxSettings, stack: MachineName): Secrets {
  const fleet = declareFleet(parseSite(sandboxConfig(settings, stack)["homelab:site"]));
  const hosts = HOSTS.map((host) => fleet[host].declaration);
  const all = secretsAmong(hosts);
  const names = hosts
    .filter(({ host }: { readonly host: string }) => host === stack)
    .flatMap(secretsOf);
  return Object.fromEntries(
    names.flatMap((name) => (all[name] ? [[name, all[name]] as const] : [])),
  );
}

/** Makes the stacks that the state folder does not have. */
async function ensureStacks(settings: SandboxSettings, programs: string): Promise<void> {
  const paths = projectPaths(settings.folder);
  const project = z.object({ name: z.string() });
  const text = await readFile(join(paths.project, "Pulumi.yaml"), "utf8");
  const stacks = join(paths.state, ".pulumi", "stacks", project.parse(parse(text)).name);
  const path = `${programs}:${process.env["PATH"] ?? ""}`;
  for (const stack of MACHINES) {
    if (existsSync(join(stacks, `${stack}.json`))) continue;
    await runPulumi({ ...pulumiEnvironment(settings), PATH: path }, ["stack", "init", stack]);
  }
}
