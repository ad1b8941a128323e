import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa, type Result } from "execa";
import type { HostName } from "../../../model/host-names.ts";
import { projectPaths, pulumiEnvironment } from "../../../sandbox/project.ts";
import { sandboxSettings, type SandboxSettings } from "../../../sandbox/settings.ts";
import { programFolder } from "../../../sandbox/toolchain.ts";

/** The environment in which the tests drive the one sandbox that they share. */
export interface Lab {
  readonly settings: SandboxSettings;
  readonly env: Record<string, string>;
}

/** The shared sandbox; it is up, because the global set-up saw to it. */
export async function openLab(): Promise<Lab> {
  const settings = sandboxSettings();
  const programs = await programFolder(settings, "pulumi");
  const env = {
    ...pulumiEnvironment(settings),
    PULUMI_HOME: await homeWithoutLogs(settings),
    PATH: `${programs}:${process.env["PATH"] ?? ""}`,
    // One slow service must not hold up the others.
    PULUMI_PARALLEL: "48",
    // Pulumi and its plugins end before their garbage is worth collecting that often: for the
    // tests' time alone (docs/benchmarks.md, "What was tried").
    GOGC: "400",
    NO_COLOR: "1",
  };
  return { settings, env };
}

/**
 * A folder for Pulumi in which it cannot write its log of each command, which nobody reads here and
 * which is a third of the command's own work (seen in its profile). It then goes on without.
 */
async function homeWithoutLogs(settings: SandboxSettings): Promise<string> {
  const home = join(settings.folder, "pulumi-of-tests");
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "logs"), "");
  return home;
}

/** What a command ended with. */
export interface Ended {
  readonly code: number;
  /** Standard output and error in the order they came. */
  readonly output: string;
  readonly seconds: number;
}

/** Runs `pulumi` as a user of the sandbox would. */
export async function pulumi(
  lab: Lab,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  return ended(
    await execa("pulumi", [...args, "--color", "never", "--non-interactive"], {
      env: { ...lab.env, ...env },
      cwd: "/",
      all: true,
      reject: false,
      timeout: 900_000,
    }),
  );
}

/** `pulumi up` without questions. */
export function up(
  lab: Lab,
  stack: HostName,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Ended> {
  return pulumi(lab, ["up", "--yes", "--skip-preview", "--stack", stack, ...args], env);
}

/** `pulumi preview`. */
export function preview(
  lab: Lab,
  stack: HostName,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Ended> {
  return pulumi(lab, ["preview", "--stack", stack, ...args], env);
}

/** Runs `npx homelab …` from the checkout. */
export async function homelab(lab: Lab, args: readonly string[]): Promise<Ended> {
  return ended(
    await execa("node", ["cli/homelab.mjs", ...args], {
      env: lab.env,
      cwd: lab.settings.checkout,
      all: true,
      reject: false,
      timeout: 900_000,
    }),
  );
}

/** Runs `npx homelab … --json` from the checkout; what it prints beside the JSON is left out. */
export async function homelabJson(
  lab: Lab,
  args: readonly string[],
): Promise<{ code: number | undefined; answer: unknown }> {
  const { exitCode, stdout } = await execa("node", ["cli/homelab.mjs", ...args, "--json"], {
    env: lab.env,
    cwd: lab.settings.checkout,
    reject: false,
  });
  return { code: exitCode, answer: JSON.parse(stdout) };
}

/** Runs a shell command on a machine and answers its output; fails when the command fails. */
export async function on(lab: Lab, host: HostName, script: string): Promise<string> {
  const { code, output } = await tryOn(lab, host, script);
  if (code !== 0) throw new Error(`[${host}] ${script}\nended with ${code}: ${output}`);
  return output.trim();
}

/** Runs a shell command on a machine, whatever it ends with. */
export async function tryOn(lab: Lab, host: HostName, script: string): Promise<Ended> {
  const config = lab.env["HOMELAB_SSH_CONFIG"] ?? "";
  return ended(
    await execa("ssh", ["-F", config, host, "sh", "-s"], {
      input: script,
      all: true,
      reject: false,
      timeout: 300_000,
    }),
  );
}

/** Containers of a machine: name to what the engine says of it, e.g. "Up 2 minutes (healthy)". */
export async function containers(lab: Lab, host: HostName): Promise<Map<string, string>> {
  const lines = await on(lab, host, "docker ps --all --format '{{.Names}}\t{{.Status}}'");
  return new Map(
    lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split("\t") as [string, string]),
  );
}

/** Ids of the containers of a machine, by name. */
export async function containerIds(lab: Lab, host: HostName): Promise<Record<string, string>> {
  const lines = await on(lab, host, "docker ps --all --no-trunc --format '{{.Names}} {{.ID}}'");
  return Object.fromEntries(lines.split("\n").map((line) => line.split(" ") as [string, string]));
}

/** The folder of the sandbox's Pulumi project. */
export function projectFolder(lab: Lab): string {
  return projectPaths(lab.settings.folder).project;
}

function ended(result: Pick<Result, "exitCode" | "all" | "durationMs">): Ended {
  return {
    code: result.exitCode ?? -1,
    output: typeof result.all === "string" ? result.all : "",
    seconds: result.durationMs / 1000,
  };
}
