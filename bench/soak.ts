// `make soak`: reboots the Docker VM again and again while the NAS misbehaves.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { printingReporter } from "../cli/progress.ts";
import { BOOT_UNIT } from "../model/boot.ts";
import { HostError, UserError } from "../model/errors.ts";
import { parsePlan, serializePlan, type HostPlan } from "../model/host-plan.ts";
import { desiredPlan } from "../model/paths.ts";
import { setExports } from "../sandbox/mounts.ts";
import { MOUNT_GROUND } from "../stacks/docker-vm.plan.ts";
import { HOST, onDockerVm, openLab, untilAllHealthy, type Lab } from "./lab.ts";
import { commitOf, describeMachine } from "./machine.ts";
import {
  blindServices,
  containersOf,
  filesBelowMounts,
  reboot,
  untilOrchestrated,
} from "./soak-machine.ts";
import { soakPage, type Reboot } from "./soak-report.ts";
import {
  problemsAfter,
  SCENARIOS,
  scenarioText,
  seeded,
  shuffled,
  shuffledPlan,
  type Scenario,
} from "./soak-scenarios.ts";

/** Reboots whose result is written to the docs; a shorter run only prints. */
const WHOLE_RUN = 20;

/** On top of the longest wait for a mount: booting, and every service after it. */
const BOOT_SECONDS = 300;

/** At most this many containers are stopped by hand before a cut. */
const MOST_STOPPED = 5;

const PLAN = desiredPlan(HOST);

interface Options {
  readonly reboots: number;
  readonly seed: number;
  readonly mountLimit: number;
  readonly out?: string;
}

const reporter = printingReporter((line) => process.stderr.write(`${line}\n`));

async function main(): Promise<void> {
  const options = readOptions(process.argv);
  const machine = describeMachine();
  const lab = await openLab(reporter);
  await requireOrchestrator(lab);
  const text = await onDockerVm(lab.settings, `cat ${PLAN}`);
  const plan = parsePlan(text, PLAN);
  const random = seeded(options.seed);
  const reboots: Reboot[] = [];
  try {
    for (let number = 1; number <= options.reboots; number += 1) {
      const scenario = SCENARIOS[(number - 1) % SCENARIOS.length] ?? { mounts: "absent" };
      const done = reporter.step(
        `reboot ${number} of ${options.reboots}, ${scenarioText(scenario)}`,
      );
      const seen = await once(lab, plan, { number, scenario, random, options });
      reboots.push(seen);
      done(seen.problems.join("; ") || "as it has to be");
    }
  } finally {
    await setExports(lab.settings, "served");
    await writePlan(lab, `${text}\n`);
  }
  const page = soakPage({
    date: new Date().toISOString().slice(0, 10),
    commit: await commitOf(lab.settings.checkout),
    machine,
    seed: options.seed,
    mountLimitSeconds: options.mountLimit,
    services: lab.host.services.length,
    reboots,
  });
  process.stdout.write(page);
  const docs = join(lab.settings.checkout, "docs", "soak.md");
  const file = options.out ?? (options.reboots >= WHOLE_RUN ? docs : undefined);
  if (file !== undefined && (await changed(file, page))) process.stderr.write(`written: ${file}\n`);
  process.exitCode = reboots.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

async function changed(file: string, page: string): Promise<boolean> {
  if ((await readFile(file, "utf8").catch(() => undefined)) === page) return false;
  await writeFile(file, page);
  return true;
}

interface Turn {
  readonly number: number;
  readonly scenario: Scenario;
  readonly random: () => number;
  readonly options: Options;
}

async function once(lab: Lab, plan: HostPlan, turn: Turn): Promise<Reboot> {
  const { settings, host } = lab;
  const { scenario, random, options } = turn;
  const limitSeconds = options.mountLimit + BOOT_SECONDS;
  await writePlan(lab, serializePlan(shuffledPlan(plan, random, options.mountLimit)));
  const names = shuffled(host.services, random).map(({ name }) => name);
  const stopped = names.slice(0, Math.floor(random() * (MOST_STOPPED + 1)));
  if (stopped.length > 0) await onDockerVm(settings, `docker stop ${stopped.join(" ")}`);

  const late = scenario.mounts === "late" ? scenario.lateSeconds : undefined;
  if (late !== 0) await setExports(settings, scenario.mounts === "stale" ? "stale" : "absent");
  const cutAt = Date.now();
  await reboot(settings);
  let servedAt: number | undefined;
  if (late !== undefined && late > 0) {
    await sleep(late * 1000);
    servedAt = Date.now();
    await setExports(settings, "served");
  }
  await untilOrchestrated(settings, limitSeconds);
  const bootSeconds = (Date.now() - cutAt) / 1000;
  const containers = await containersOf(settings);
  const files = await filesBelowMounts(settings, MOUNT_GROUND);
  const facts = { containers, filesBelowMounts: files, cutAt, servedAt };
  const problems = problemsAfter(scenario, facts, host);
  const recovery = late === 0 ? undefined : await recover(lab, problems);
  return {
    number: turn.number,
    scenario,
    stoppedBefore: stopped.length,
    bootSeconds,
    healthy: containers.filter(({ health, status }) => status === "running" && health === "healthy")
      .length,
    waiting: containers.filter(({ status }) => status !== "running").length,
    mostRestarts: Math.max(0, ...containers.map(({ restarts }) => restarts)),
    filesBelowMounts: files,
    recoverySeconds: recovery,
    problems,
  };
}

/** The NAS is back and a person starts the unit again: everything has to come up. */
async function recover(lab: Lab, problems: string[]): Promise<number | undefined> {
  const { settings, host } = lab;
  const begin = Date.now();
  await setExports(settings, "served");
  try {
    await onDockerVm(settings, `systemctl restart ${BOOT_UNIT}`);
    await untilAllHealthy(lab, BOOT_SECONDS);
    const seconds = (Date.now() - begin) / 1000;
    const blind = await blindServices(settings, host);
    if (blind.length > 0)
      problems.push(`after the NAS was back, ${blind.join(", ")} do not see it`);
    return seconds;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    problems.push(`after the NAS was back: ${error.message.split("\n").at(-1) ?? ""}`);
    return undefined;
  }
}

async function writePlan(lab: Lab, text: string): Promise<void> {
  const encoded = Buffer.from(text).toString("base64");
  await onDockerVm(
    lab.settings,
    `base64 -d > ${PLAN}.new <<'END'\n${encoded}\nEND\nmv ${PLAN}.new ${PLAN}`,
  );
}

async function requireOrchestrator(lab: Lab): Promise<void> {
  const enabled = `systemctl --quiet is-enabled ${BOOT_UNIT} && echo yes || echo no`;
  if ((await onDockerVm(lab.settings, enabled)) === "yes") return;
  throw new HostError(
    "HL-SOAK",
    HOST,
    `${BOOT_UNIT} is not enabled; nothing starts the containers`,
  );
}

function readOptions(argv: readonly string[]): Options {
  return new Command("soak")
    .description("reboots the sandbox's Docker VM while the NAS misbehaves; needs root")
    .option("--reboots <n>", "how often", countOf, WHOLE_RUN)
    .option("--seed <n>", "seed of the random choices", countOf, 1)
    .option("--mount-limit <seconds>", "longest wait for a mount, above 60", countOf, 120)
    .option("--out <file>", "write the page there")
    .parse([...argv])
    .opts<Options>();
}

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("must be a whole number above 0");
}

main().catch((error: unknown) => {
  const known = error instanceof HostError || error instanceof UserError;
  const text = known ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`soak: ${text ?? ""}\n`);
  process.exitCode = 1;
});
