// `make soak`: reboots the Docker VM again and again while the NAS misbehaves.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { printingReporter } from "../cli/progress.ts";
import { BOOT_UNIT } from "../model/boot.ts";
import { HostError } from "../model/errors.ts";
import { step } from "../sandbox/reporter.ts";
import { countOf, runCommand } from "./command.ts";
import { HOST, onDockerVm, openLab, type Lab } from "./lab.ts";
import { commitOf, describeMachine } from "./machine.ts";
import { soakPage, type Reboot } from "./soak-report.ts";
import { rebootRound, withPlan } from "./soak-round.ts";
import { SCENARIOS, scenarioText, seeded } from "./soak-scenarios.ts";

/** Reboots whose result is written to the docs; a shorter run only prints. */
const WHOLE_RUN = 20;

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
  const random = seeded(options.seed);
  const reboots: Reboot[] = [];
  const about = {
    date: new Date().toISOString().slice(0, 10),
    commit: await commitOf(lab.settings.checkout),
    machine,
    seed: options.seed,
    mountLimitSeconds: options.mountLimit,
    services: lab.host.services.length,
  };
  const docs = join(lab.settings.checkout, "docs", "soak.md");
  const file = options.out ?? (options.reboots >= WHOLE_RUN ? docs : undefined);
  await withPlan(lab, async (plan) => {
    for (let number = 1; number <= options.reboots; number += 1) {
      const scenario = SCENARIOS[(number - 1) % SCENARIOS.length] ?? { mounts: "absent" };
      const round = { number, scenario, random, mountLimitSeconds: options.mountLimit };
      const seen = await step(
        reporter,
        `reboot ${number} of ${options.reboots}, ${scenarioText(scenario)}`,
        () => rebootRound(lab, plan, round),
        ({ problems }) => problems.join("; ") || "as it has to be",
      );
      reboots.push(seen);
      // After each round, so that a run that was cut short has not been for nothing.
      if (file !== undefined) await writeFile(file, soakPage({ ...about, reboots }));
    }
  });
  process.stdout.write(soakPage({ ...about, reboots }));
  if (file !== undefined) process.stderr.write(`written: ${file}\n`);
  process.exitCode = reboots.every(({ problems }) => problems.length === 0) ? 0 : 1;
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
    .option("--mount-limit <seconds>", "longest wait for a mount, above 60", countOf, 75)
    .option("--out <file>", "write the page there")
    .parse([...argv])
    .opts<Options>();
}

runCommand("soak", main);
