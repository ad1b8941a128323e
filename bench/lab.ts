// What every measurement works with: the sandbox, the programs, the Docker VM as data.
import { readFile } from "node:fs/promises";
import type { HostDeclaration } from "../model/declaration.ts";
import { BOOT_PERMIT } from "../model/boot.ts";
import { HostError } from "../model/errors.ts";
import { buildGraph, type Graph } from "../model/graph.ts";
import { HOSTS, hostWith } from "../model/host-names.ts";
import type { ImageLock } from "../model/image-reference.ts";
import { onMachine } from "../sandbox/machine.ts";
import { pulumiEnvironment } from "../sandbox/project.ts";
import { step, type Reporter } from "../sandbox/reporter.ts";
import type { SandboxSettings } from "../sandbox/settings.ts";
import { programFolder } from "../sandbox/toolchain.ts";
import { up } from "../sandbox/up.ts";
import { declarationsOf, lockPathOf, openProject, readLock } from "../workspace/project.ts";
import { runPulumi } from "../workspace/pulumi-events.ts";

/** The host that is measured; also its stack. */
export const HOST = hostWith("home");

/** Resources that Pulumi works on at once: 36 health gates must be able to wait side by side. */
export const PULUMI_PARALLEL = 48;

/** Everything a measurement needs. */
export interface Lab {
  readonly settings: SandboxSettings;
  /** Environment in which plain `pulumi` works on the sandbox. */
  readonly env: Readonly<Record<string, string>>;
  readonly host: HostDeclaration;
  /** Of the measured host alone. */
  readonly graph: Graph;
  readonly lock: ImageLock;
  /** Whether the deployed containers mount the boot permit. */
  readonly bootPermit: boolean;
}

/** Brings the sandbox up and deploys every stack, so that every measurement starts whole. */
export async function openLab(reporter: Reporter): Promise<Lab> {
  const { settings } = await up({ reporter });
  await removeLeftovers(settings);
  const programs = await programFolder(settings, "pulumi");
  const env = {
    ...pulumiEnvironment(settings),
    PATH: `${programs}:${process.env["PATH"] ?? ""}`,
    PULUMI_PARALLEL: String(PULUMI_PARALLEL),
    NO_COLOR: "1",
  };
  for (const stack of HOSTS) {
    await step(reporter, `pulumi up -s ${stack}`, () =>
      runPulumi(env, ["up", "--yes", "--skip-preview", "--stack", stack]),
    );
  }
  const project = await openProject(env);
  const host = declarationsOf(project).find((one: { readonly host: string }) => one.host === HOST);
  if (!host) throw new Error(`nothing declares ${HOST}`);
  const permit = await onDockerVm(settings, `test -e ${BOOT_PERMIT} && echo yes || echo no`);
  return {
    settings,
    env,
    host,
    graph: buildGraph([host]),
    lock: await readLock(lockPathOf(project, host.host)),
    bootPermit: permit === "yes",
  };
}

/** What a benchmark that was killed left of Compose, which would be in Pulumi's way. */
async function removeLeftovers(settings: SandboxSettings): Promise<void> {
  await onDockerVm(
    settings,
    `ours() { awk '$2 ~ /^bench-/ { print $1 }' | xargs -r "$@" > /dev/null; }
format='{{.ID}} {{.Label "com.docker.compose.project"}}'
docker ps --all --format "$format" | ours docker rm --force
docker network ls --format "$format" | ours docker network rm`,
  );
}

/** The text of the sandbox project's Pulumi.yaml, which the empty program shares. */
export async function projectFile(lab: Lab): Promise<string> {
  return await readFile(`${lab.env["PULUMI_OPTION_CWD"] ?? ""}/Pulumi.yaml`, "utf8");
}

/** How long a script on the Docker VM may take. */
const SCRIPT_SECONDS = 900;

/**
 * Runs a shell script on the Docker VM and answers its output.
 * @throws HostError with the end of its output when it fails
 */
export async function onDockerVm(settings: SandboxSettings, script: string): Promise<string> {
  const options = { input: script, timeoutSeconds: SCRIPT_SECONDS };
  const { exitCode, stdout, stderr } = await onMachine(settings, HOST, ["sh", "-s"], options);
  if (exitCode === 0) return stdout.trim();
  const said = (stderr || stdout).trim().split("\n").slice(-12).join("\n");
  throw new HostError("HL-BENCH", HOST, `a step of the benchmark failed:\n${said}`, exitCode);
}

/** Removes every container and the host's networks; images and volumes stay. */
export async function removeContainers(lab: Lab): Promise<void> {
  const networks = lab.host.networks.map(({ name }) => name).join(" ");
  await onDockerVm(
    lab.settings,
    `docker ps --all --quiet | xargs -r docker rm --force > /dev/null
for network in ${networks}; do docker network rm "$network" > /dev/null 2>&1 || true; done`,
  );
}

/** Stops every container. */
export async function stopContainers(lab: Lab): Promise<void> {
  await onDockerVm(lab.settings, "docker ps --quiet | xargs -r docker stop > /dev/null");
}

/** @throws HostError that names the services which are not healthy */
export async function requireAllHealthy(lab: Pick<Lab, "settings" | "host">): Promise<void> {
  const lines = await onDockerVm(
    lab.settings,
    "docker ps --filter health=healthy --format '{{.Names}}'",
  );
  const healthy = new Set(lines.split("\n"));
  const missing = lab.host.services.map(({ name }) => name).filter((name) => !healthy.has(name));
  if (missing.length === 0) return;
  throw new HostError("HL-BENCH", HOST, `not healthy after a measurement: ${missing.join(", ")}`);
}

/** Waits until every service is healthy. */
export async function untilAllHealthy(
  lab: Pick<Lab, "settings" | "host">,
  limitSeconds: number,
): Promise<void> {
  await onDockerVm(
    lab.settings,
    `for _ in $(seq ${limitSeconds * 2}); do
  [ "$(docker ps --quiet --filter health=healthy | wc -l)" -ge ${lab.host.services.length} ] && exit 0
  sleep 0.5
done`,
  );
  await requireAllHealthy(lab);
}
