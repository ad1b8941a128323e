// The page docs/soak.md and the table on the screen.
import { markdownTable, seconds } from "./markdown.ts";
import type { Machine } from "./results.ts";
import { scenarioText, type Scenario } from "./soak-scenarios.ts";
import { summarise } from "./statistics.ts";

/** One reboot and what was seen after it. */
export interface Reboot {
  readonly number: number;
  readonly scenario: Scenario;
  /** Containers that were stopped by hand before the cut. */
  readonly stoppedBefore: number;
  /** From the power cut until the orchestrator had ended. */
  readonly bootSeconds: number;
  /** Running and healthy. */
  readonly healthy: number;
  /** Not started. */
  readonly waiting: number;
  readonly mostRestarts: number;
  readonly filesBelowMounts: number;
  /** Seconds until all were healthy after the NAS was back; undefined where it never was away. */
  readonly recoverySeconds: number | undefined;
  /** What was wrong; empty when all was as it has to be. */
  readonly problems: readonly string[];
}

/** A whole run. */
export interface SoakRun {
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly seed: number;
  readonly mountLimitSeconds: number;
  readonly services: number;
  readonly reboots: readonly Reboot[];
}

/** The page. */
export function soakPage(run: SoakRun): string {
  const { machine, reboots } = run;
  const good = reboots.filter(({ problems }) => problems.length === 0).length;
  const boots = summarise(reboots.map(({ bootSeconds }) => bootSeconds));
  const problems = reboots.flatMap((one) =>
    one.problems.map((problem) => `- reboot ${one.number}: ${problem}`),
  );
  const parts = [
    "# Soak",
    "Written by `make soak`.",
    `${good} of ${reboots.length} reboots as they have to be. From the power cut until the boot orchestrator had ended: ${seconds(boots.median)} (median; ${seconds(boots.least)} to ${seconds(boots.most)}).`,
    markdownTable(
      [
        "reboot, mounts",
        "stopped before",
        "boot",
        "healthy",
        "waiting",
        "most restarts",
        "files below mounts",
        "recovered in",
        "as it has to be",
      ],
      reboots.map(cells),
    ),
    ...(problems.length > 0 ? [problems.join("\n")] : []),
    `Each reboot is a power cut of the Docker VM in the sandbox; systemd boots it, and the unit does the rest. Before it, some containers are stopped by hand and the services of the host plan are put into another order (seed ${run.seed}). The NAS serves its mounts at once, some seconds after the machine answers, not at all, or never answers; mounts are waited for ${run.mountLimitSeconds} s here. Afterwards: every service is healthy, or held back where it cannot run without a mount; none started before its mount; none crashed more than twice; nothing was written under a mount point. Then the NAS is back, the unit is started again, and all ${run.services} are healthy and see their mounts.`,
    `Machine: ${machine.cores} cores (${machine.processor}), ${machine.memoryGiB.toFixed(0)} GiB of memory, Linux ${machine.kernel}; load before the run ${machine.loadBefore.toFixed(2)}. Run: ${run.date}, commit ${run.commit}.`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function cells(one: Reboot): string[] {
  return [
    `${one.number}, ${scenarioText(one.scenario)}`,
    String(one.stoppedBefore),
    seconds(one.bootSeconds),
    String(one.healthy),
    String(one.waiting),
    String(one.mostRestarts),
    String(one.filesBelowMounts),
    one.recoverySeconds === undefined ? "" : seconds(one.recoverySeconds),
    one.problems.length === 0 ? "yes" : "no",
  ];
}
