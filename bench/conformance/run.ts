// `make conformance`: real programs, as they are declared, started, asked and stopped; writes
// docs/conformance.md.
import { Command } from "commander";
import { printingReporter } from "../../cli/progress.ts";
import type { ConformanceRun } from "../../model/conformance-run.ts";
import { down } from "../../sandbox/down.ts";
import { imageLock } from "../../sandbox/images/lock.ts";
import { pushImages } from "../../sandbox/images/push.ts";
import { registryAccess } from "../../sandbox/registry.ts";
import { step, type Reporter } from "../../sandbox/reporter.ts";
import { up } from "../../sandbox/up.ts";
import { runCommand } from "../command.ts";
import { declaredHosts, declaredService, hostOf } from "./declared.ts";
import { buildRunImages, realImages } from "./images.ts";
import { conformanceSettings } from "./machine.ts";
import { measure } from "./measure.ts";
import { prepareHost } from "./prepare-host.ts";
import { PROGRAMS } from "./programs.ts";
import type { RealProgram } from "./real-program.ts";
import { keepRuns } from "./record.ts";

interface Options {
  readonly only?: readonly string[];
  readonly keep?: boolean;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv);
  const reporter = printingReporter((line) => process.stderr.write(`${line}\n`));
  const programs = chosen(options.only);
  const settings = conformanceSettings();
  const runs: ConformanceRun[] = [];
  const faults: string[] = [];
  try {
    await up({ settings, reporter, images: false });
    await runAll(programs, reporter, runs, faults);
  } finally {
    if (runs.length > 0) await keepRuns(settings.checkout, runs);
    if (options.keep !== true) await down({ settings, reporter });
  }
  process.stdout.write(`${runs.length} passed, ${faults.length} failed\n`);
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
}

/** Runs host by host; one that fails is told at the end, and keeps none from its turn. */
async function runAll(
  programs: readonly RealProgram[],
  reporter: Reporter,
  runs: ConformanceRun[],
  faults: string[],
): Promise<void> {
  const settings = conformanceSettings();
  const hosts = declaredHosts(settings);
  const imageOf = (id: string) => declaredService(hosts, id).service.image;
  const parts = hosts
    .map((host) => {
      const own = programs.filter(({ service }) => service.startsWith(`${host.host}/`));
      const names = own.flatMap(({ service, beside = [] }) => [
        service.slice(host.host.length + 1),
        ...beside,
      ]);
      return { host: hostOf(host, names), own };
    })
    .filter(({ own }) => own.length > 0);
  const references = [
    ...new Set(parts.flatMap(({ host }) => host.services.map(({ image }) => image))),
  ];
  // Of all, not of the chosen: what a program requires is real here, too.
  const real = realImages(PROGRAMS, imageOf);
  const built = await buildRunImages(settings, reporter, references, real);
  await step(reporter, "push images", () => pushImages(registryAccess(settings), built));
  const lock = imageLock(built);
  const today = new Date().toISOString().slice(0, 10);
  for (const { host, own } of parts) {
    await step(reporter, `prepare ${host.host}`, () => prepareHost(settings, host, lock));
    for (const program of own) {
      const declared = declaredService([host], program.service);
      try {
        const run = await step(
          reporter,
          program.service,
          () => measure(settings, declared, program, today),
          ({ version, healthySeconds, stoppedSeconds }) =>
            `${version}, healthy after ${healthySeconds} s, stopped after ${stoppedSeconds} s`,
        );
        runs.push(run);
      } catch (error) {
        faults.push(
          `${program.service}: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }
}

function chosen(only: readonly string[] | undefined): readonly RealProgram[] {
  if (only === undefined) return PROGRAMS;
  return only.map((service) => {
    const program = PROGRAMS.find((one) => one.service === service);
    const known = PROGRAMS.map((one) => one.service).join(", ");
    if (!program) throw new Error(`no program is run as "${service}"; there are ${known}`);
    return program;
  });
}

function readOptions(argv: readonly string[]): Options {
  return new Command("conformance")
    .description("starts, asks and stops real programs as they are declared; needs root")
    .option("--only <services>", "some of them, e.g. docker-vm/vmalert,vps/unbound", (text) =>
      text.split(","),
    )
    .option("--keep", "leave its sandbox up, to look or to run again")
    .parse([...argv])
    .opts<Options>();
}

runCommand("conformance", main);
