import { execa } from "execa";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { HostError, UserError } from "../model/errors.ts";
import type { HostName } from "../model/host-names.ts";
import { fullStateHint, removeTornFiles } from "./file-backend.ts";
import type { Project } from "./project.ts";

/** The environment in which `pulumi` takes this project, wherever it is started. */
export function projectEnvironment({ folder }: Project): Record<string, string> {
  return { PULUMI_OPTION_CWD: folder, PULUMI_SKIP_UPDATE_CHECK: "true" };
}

/** One stack as the backend knows it. */
export interface KnownStack {
  readonly name: string;
  /** Resources of its last deployment; 0 when it was never deployed. */
  readonly resources: number;
}

const listSchema = z.array(
  z.looseObject({
    name: z.string(),
    resourceCount: z.number().optional(),
    lastUpdate: z.string().optional(),
  }),
);

const configSchema = z.record(
  z.string(),
  z.looseObject({ value: z.string().optional(), secret: z.boolean() }),
);

const deployedSchema = z.looseObject({ config: z.record(z.string(), z.unknown()).nullish() });

/** The argv of each use of the Pulumi CLI. No secret is ever in one. */
export const pulumiArgv = {
  list: () => ["stack", "ls", "--json"],
  init: (stack: HostName) => ["stack", "init", stack, "--no-select"],
  values: (stack: HostName) => ["config", "--json", "--show-secrets", "--stack", stack],
  /** Writes the config of the last deployment into a file of its own, and no other. */
  deployedConfig: (stack: HostName, file: string) => [
    "config",
    "refresh",
    "--force",
    "--config-file",
    file,
    "--stack",
    stack,
  ],
  /** Secret outputs are not shown. */
  outputs: (stack: HostName) => ["stack", "output", "--json", "--stack", stack],
  /** Takes away the lock that a Pulumi which is gone left on the stack. */
  cancel: (stack: HostName) => ["cancel", "--yes", "--stack", stack],
  /** The value follows on standard input. */
  setSecret: (stack: HostName, key: string) => ["config", "set", "--secret", key, "--stack", stack],
};

/**
 * Checks what Pulumi needs before it can keep a secret, because its own words come late and, on
 * a terminal, as a question.
 * @throws UserError HL-BACKEND or HL-PASSPHRASE that says what to export
 */
export function assertPulumiEnvironment(
  project: Project,
  hosts: readonly HostName[],
  environment: NodeJS.ProcessEnv = process.env,
): void {
  const backend = environment["PULUMI_BACKEND_URL"] || project.backend;
  if (!backend) {
    throw new UserError(
      "HL-BACKEND",
      "nothing says where Pulumi keeps its state; set PULUMI_BACKEND_URL to the one place that every machine you deploy from can reach, e.g. export PULUMI_BACKEND_URL=file://$HOME/homelab-state (docs/adr/0004-state-and-secrets.md)",
    );
  }
  const byPassphrase = hosts.some((host) => {
    const provider = project.stacks[host].secretsProvider;
    // Pulumi's own service keeps the keys of its stacks itself.
    return provider === undefined ? !backend.startsWith("https:") : provider === "passphrase";
  });
  if (!byPassphrase) return;
  const file = environment["PULUMI_CONFIG_PASSPHRASE_FILE"];
  if (environment["PULUMI_CONFIG_PASSPHRASE"] !== undefined) return;
  if (file === undefined) {
    throw new UserError(
      "HL-PASSPHRASE",
      "the passphrase that encrypts all secrets is not set; put it into a file that only you can read and export PULUMI_CONFIG_PASSPHRASE_FILE=<that file>; use the same one for all stacks",
    );
  }
  if (!existsSync(file)) {
    throw new UserError(
      "HL-PASSPHRASE",
      `PULUMI_CONFIG_PASSPHRASE_FILE names "${file}", which does not exist`,
    );
  }
}

/** The stacks that the backend has for this project. */
export async function knownStacks(project: Project): Promise<KnownStack[]> {
  const listed = await listedStacks(project);
  return listed.map(({ name, resourceCount }) => ({ name, resources: resourceCount ?? 0 }));
}

/** When each stack was last changed, by whom ever; without those that were never deployed. */
export async function stackUpdates(project: Project): Promise<ReadonlyMap<string, string>> {
  const listed = await listedStacks(project);
  return new Map(
    listed.flatMap(({ name, lastUpdate }) =>
      lastUpdate === undefined ? [] : [[name, lastUpdate] as const],
    ),
  );
}

/** What a stack hands out to others, as JSON text. */
export function stackOutputs(project: Project, stack: HostName): Promise<string> {
  return runPulumi(project, pulumiArgv.outputs(stack));
}

async function listedStacks(project: Project): Promise<z.infer<typeof listSchema>> {
  const found = listSchema.parse(JSON.parse(await runPulumi(project, pulumiArgv.list())));
  // Pulumi Cloud puts an organization that is not the default one before a stack's name.
  return found.map((one) => ({ ...one, name: one.name.slice(one.name.lastIndexOf("/") + 1) }));
}

/** Makes a stack in the backend; Pulumi writes the salt into its stack file. */
export async function initStack(project: Project, stack: HostName): Promise<void> {
  await runPulumi(project, pulumiArgv.init(stack));
}

/** The config keys that a stack was last deployed with. The stack file is left as it is. */
export async function deployedKeys(project: Project, stack: HostName): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "homelab-config-"));
  try {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    await runPulumi(project, pulumiArgv.deployedConfig(stack, file));
    const { config } = deployedSchema.parse(parse(await readFile(file, "utf8")) ?? {});
    return Object.keys(config ?? {});
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Takes away the lock of a Pulumi that is gone; the caller has to know that it is. */
export async function cancelLock(project: Project, stack: HostName): Promise<void> {
  await runPulumi(project, pulumiArgv.cancel(stack));
}

/**
 * All values of a stack's config, decrypted, by config key; also a secret that was set without
 * `--secret`. Never to be printed.
 */
export async function configValues(
  project: Project,
  stack: HostName,
): Promise<ReadonlyMap<string, string>> {
  const entries = Object.entries(await readConfig(project, stack));
  return new Map(
    entries.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value] as const])),
  );
}

/** The values in a stack's config that are encrypted, to know what to mask. Never to be printed. */
export async function secretValues(project: Project, stack: HostName): Promise<string[]> {
  const entries = Object.values(await readConfig(project, stack));
  return entries.flatMap(({ value, secret }) => (secret && value !== undefined ? [value] : []));
}

async function readConfig(project: Project, stack: HostName) {
  return configSchema.parse(JSON.parse(await runPulumi(project, pulumiArgv.values(stack))));
}

/** Encrypts a value into a stack's file. */
export async function setSecret(
  project: Project,
  stack: HostName,
  key: string,
  value: string,
): Promise<void> {
  await runPulumi(project, pulumiArgv.setSecret(stack, key), value);
}

/**
 * Takes away what a Pulumi that was killed, or whose disk was full, left half written in a backend that
 * is a folder. Every
 * use of Pulumi here does it first.
 * @returns the files that are gone
 */
export function mendBackend(project: Project): Promise<string[]> {
  const backend = process.env["PULUMI_BACKEND_URL"] || project.backend;
  return removeTornFiles(backend, project.folder);
}

async function runPulumi(project: Project, args: readonly string[], input = ""): Promise<string> {
  await mendBackend(project);
  const result = await execa("pulumi", [...args, "--non-interactive", "--color", "never"], {
    cwd: project.folder,
    input,
    reject: false,
    env: projectEnvironment(project),
  });
  if (result.exitCode === 0) return result.stdout;
  if (result.code === "ENOENT") {
    throw new UserError(
      "HL-PULUMI",
      "the Pulumi CLI is not on PATH; install it as pulumi.com says, or put the folder that `toolchain/build.sh pulumi` prints on PATH",
    );
  }
  // Its output could hold what was asked for; only its own error lines are passed on.
  const said = result.stderr.split("\n").filter((line) => line.startsWith("error:"));
  throw new HostError(
    "HL-PULUMI",
    "this computer",
    `\`pulumi ${args.slice(0, 2).join(" ")}\` failed in ${project.folder}: ${said.join(" ") || `exit code ${result.exitCode ?? "unknown"}`}${fullStateHint(result.stderr)}`,
    result.exitCode,
  );
}
