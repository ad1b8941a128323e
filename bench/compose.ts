// Docker Compose on the Docker VM: the program, the files, and the three ways to use it here.
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { run } from "../hosts/local-command.ts";
import type { MachineName } from "../sandbox/addresses.ts";
import type { SandboxSettings } from "../sandbox/settings.ts";
import { sshArgv } from "../sandbox/ssh.ts";
import { composeMerged, composePerStack, type ComposeFile } from "./compose-files.ts";
import { HOST, onDockerVm, type Lab } from "./lab.ts";

/** Folder on the Docker VM; gone when the benchmark has ended. */
const FOLDER = "/root/homelab-bench";
const COMPOSE = `${FOLDER}/docker-compose --progress quiet`;

/** Pause of the documented boot script after each phase. */
export const DOCUMENTED_PAUSE_SECONDS = 10;

/** The documented boot script asks for Mosquitto this often, and this long. */
const MOSQUITTO = { pollSeconds: 5, limitSeconds: 120 } as const;

/** Compose on the Docker VM. */
export interface Compose {
  readonly version: string;
  /** The program on the Docker VM. */
  readonly program: string;
  /** The hand-merged project on the Docker VM. */
  readonly mergedFile: { readonly folder: string; readonly file: string };
  /** Stack by stack, in the documented order, each awaited until it is healthy. */
  readonly stackByStack: () => Promise<void>;
  /** Everything in one hand-merged project, awaited. */
  readonly merged: () => Promise<void>;
  /** The documented boot script: everything stopped, then phase by phase with its pauses. */
  readonly documentedBoot: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Puts Compose and its files on the Docker VM. */
export async function installCompose(lab: Lab): Promise<Compose> {
  await onDockerVm(lab.settings, `rm -rf ${FOLDER} && mkdir -p ${FOLDER}`);
  await uploadCompose(lab.settings, HOST, `${FOLDER}/docker-compose`);
  const stacks = composePerStack(lab.host, lab);
  const merged = composeMerged(lab.host, lab);
  await onDockerVm(lab.settings, [...stacks, merged].map(writeFile).join("\n"));
  const sh = (script: string) => onDockerVm(lab.settings, script).then(() => undefined);
  return {
    version: await onDockerVm(lab.settings, `${FOLDER}/docker-compose version --short`),
    program: `${FOLDER}/docker-compose`,
    mergedFile: { folder: FOLDER, file: `${merged.project}.yaml` },
    stackByStack: () => sh(stackByStackScript(stacks)),
    merged: () => sh(`set -e\n${upCommand(merged)} --wait`),
    documentedBoot: () => sh(documentedBootScript(stacks)),
    remove: () => sh(`rm -rf ${FOLDER}`),
  };
}

/**
 * Puts the program on a machine, built first where the cache lacks it.
 * @param to path there
 */
export async function uploadCompose(
  settings: SandboxSettings,
  machine: MachineName,
  to: string,
): Promise<void> {
  const build = [join(settings.checkout, "toolchain", "build.sh"), "bench"];
  const { stdout } = await run(build, {
    env: { HOMELAB_CACHE: settings.cache },
    timeoutSeconds: 3600,
  });
  const program = join(stdout.trim().split("\n").at(-1) ?? "", "docker-compose");
  const script = `cat > ${to} && chmod 0755 ${to}`;
  await run([...sshArgv(settings.folder, machine, []), script], {
    input: createReadStream(program),
    timeoutSeconds: 600,
  });
}

function pathOf({ project }: ComposeFile): string {
  return `${FOLDER}/${project}.yaml`;
}

function writeFile(file: ComposeFile): string {
  return `base64 -d > ${pathOf(file)} <<'END'\n${Buffer.from(file.text).toString("base64")}\nEND`;
}

function upCommand(file: ComposeFile): string {
  return `${COMPOSE} --file ${pathOf(file)} up --detach`;
}

/** Every stack with `--wait`, the next one only when it is healthy. */
export function stackByStackScript(stacks: readonly ComposeFile[]): string {
  return ["set -e", ...stacks.map((file) => `${upCommand(file)} --wait`)].join("\n");
}

/**
 * What the documented boot script does: stop everything, bring each phase's stacks up, wait for
 * Mosquitto after its stack, and pause after each phase. The pause after the last is left out,
 * because nothing comes after it.
 */
export function documentedBootScript(stacks: readonly ComposeFile[]): string {
  const phases = [...new Set(stacks.map(({ phase }) => phase))];
  const lines = phases.flatMap((phase, index) => {
    const files = stacks.filter((file) => file.phase === phase);
    const ups = files.map((file) => upCommand(file));
    const waits = files.some(({ services }) => services.includes("mosquitto"))
      ? [WAIT_FOR_MOSQUITTO]
      : [];
    const pause = index < phases.length - 1 ? [`sleep ${DOCUMENTED_PAUSE_SECONDS}`] : [];
    return [...ups, ...waits, ...pause];
  });
  return ["docker ps --quiet | xargs -r docker stop > /dev/null", ...lines].join("\n");
}

const WAIT_FOR_MOSQUITTO = `for _ in $(seq ${MOSQUITTO.limitSeconds / MOSQUITTO.pollSeconds}); do
  [ "$(docker inspect --format '{{.State.Health.Status}}' mosquitto)" = healthy ] && break
  sleep ${MOSQUITTO.pollSeconds}
done`;
