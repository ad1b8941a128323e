// (e): the boot orchestrator beside the documented way, on the same stopped containers. "Ready" is
// the moment in which either begins: the engine runs and every container is stopped.
import { setTimeout as sleep } from "node:timers/promises";
import { BOOT_UNIT } from "../model/boot.ts";
import { step } from "../sandbox/reporter.ts";
import { sshConfigPath } from "../sandbox/ssh.ts";
import { lastChain, watchBootProcessor, type BootProfile } from "./boot-profile.ts";
import { measuredCriticalPath } from "./critical-path.ts";
import { allHealthyAt, recordMoments, startTimes, type StartTime } from "../hosts/engine-events.ts";
import {
  HOST,
  onDockerVm,
  removeContainers,
  requireAllHealthy,
  stopContainers,
  untilAllHealthy,
} from "./lab.ts";
import { watchProcessors } from "./machine.ts";
import type { Bench } from "./measure-ups.ts";
import type { Comparison } from "./results.ts";
import { rotated } from "./statistics.ts";

/** The slowest service has this long after the documented way has ended. */
const HEALTHY_SECONDS = 300;

/** The documented way is nearly all pauses, and takes two minutes each time: so it is asked once. */
const DOCUMENTED_ROUNDS = 1;

/** What the boots took. */
export interface BootResults {
  readonly comparison: Comparison;
  /** Of the orchestrator's last boot. */
  readonly profile: BootProfile;
}

/**
 * Measures both ways to boot.
 * @returns why it cannot be measured, where the orchestrator is not installed
 */
export async function measureBoot(bench: Bench): Promise<BootResults | { readonly skip: string }> {
  const { lab, compose } = bench;
  const unit = await onDockerVm(
    lab.settings,
    `systemctl cat ${BOOT_UNIT} > /dev/null 2>&1 && echo yes || echo no`,
  );
  if (unit !== "yes") return { skip: `${BOOT_UNIT} is not installed on ${HOST}` };
  // Both start the very same containers; the documented way knows only those that Compose made.
  await removeContainers(lab);
  await compose.stackByStack();
  const ways = [
    {
      id: "orchestrator",
      what: `the boot orchestrator (\`systemctl restart ${BOOT_UNIT}\`)`,
      boot: () => onDockerVm(lab.settings, `systemctl restart ${BOOT_UNIT}`).then(() => undefined),
      rounds: bench.rounds,
      seconds: [] as number[],
      paths: [] as number[],
      shares: [] as number[],
    },
    {
      id: "documented",
      what: "the documented way (phases in order with Compose, 10 s pauses, wait for Mosquitto)",
      boot: compose.documentedBoot,
      rounds: DOCUMENTED_ROUNDS,
      seconds: [] as number[],
      paths: [] as number[],
      shares: [] as number[],
    },
  ];
  let profile: BootProfile = { chain: [], processor: undefined };
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const way of rotated(ways, round)) {
      if (round >= way.rounds) continue;
      const name = `round ${round + 1}: boot by ${way.what}`;
      const boot = await step(
        bench.reporter,
        name,
        () => timedBoot(bench, way.boot),
        ({ times }) => `${allHealthyAt(times).toFixed(1)} s`,
      );
      way.shares.push(boot.processorShare);
      way.seconds.push(allHealthyAt(boot.times));
      way.paths.push(measuredCriticalPath(lab.graph, HOST, boot.times).seconds);
      if (way.id !== "orchestrator") continue;
      profile = { chain: lastChain(lab.graph, HOST, boot.times), processor: boot.processor };
    }
  }
  const rows = ways.map(({ id, what, seconds, paths, shares }) => ({
    ...{ id, what, seconds },
    criticalPathSeconds: paths,
    processorShare: shares,
  }));
  return { comparison: { letter: "e", baseline: "documented", rows }, profile };
}

/** What was seen of one boot. */
interface TimedBoot extends Pick<BootProfile, "processor"> {
  readonly times: ReadonlyMap<string, StartTime>;
  readonly processorShare: number;
}

/** One boot of everything that was stopped before. */
async function timedBoot(
  { lab, settleSeconds }: Bench,
  boot: () => Promise<void>,
): Promise<TimedBoot> {
  await stopContainers(lab);
  await sleep(settleSeconds * 1000);
  const recording = recordMoments(sshConfigPath(lab.settings.folder), HOST);
  const bootProcessor = await watchBootProcessor(lab);
  const processorShare = watchProcessors();
  const since = Date.now();
  await boot().finally(() => untilAllHealthy(lab, HEALTHY_SECONDS));
  const share = processorShare();
  const processor = await bootProcessor();
  const times = startTimes(await recording.stop(), since);
  await requireAllHealthy(lab);
  return { times, processorShare: share, processor };
}
