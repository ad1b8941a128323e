// One round of the soak test: shuffle, misbehave, cut the power, look, and put right.
import { setTimeout as sleep } from "node:timers/promises";
import { HostError } from "../model/errors.ts";
import { parsePlan, serializePlan } from "../model/host-plan.ts";
import { desiredPlan } from "../model/paths.ts";
import { setExports } from "../sandbox/mounts.ts";
import { MOUNT_GROUND } from "../components/core/shared-folder.plan.ts";
import { HOST, onDockerVm, untilAllHealthy, type Lab } from "./lab.ts";
import {
  containersOf,
  filesBelowMounts,
  reboot,
  untilOrchestrated,
  untilSighted,
} from "./soak-machine.ts";
import type { Reboot } from "./soak-report.ts";
import { problemsAfter, shuffled, shuffledPlan, type Scenario } from "./soak-scenarios.ts";

/** On top of the longest wait for a mount: booting, and every service after it. */
const BOOT_SECONDS = 300;

/** Within this time everybody sees a mount that is there again. */
const RETURN_SECONDS = 60;

/** At most this many containers are stopped by hand before a cut. */
const MOST_STOPPED = 5;

const PLAN = desiredPlan(HOST);

/** What a round needs of the sandbox: a deployed Docker VM. */
export type SoakLab = Pick<Lab, "settings" | "host">;

/** One round. */
export interface Round {
  readonly number: number;
  readonly scenario: Scenario;
  readonly random: () => number;
  /** Longest wait for a mount in this round. */
  readonly mountLimitSeconds: number;
}

/**
 * Runs something with the host plan at hand, and afterwards has the NAS serve and the plan as it
 * was, whatever happened.
 * @param use is given the plan's text
 */
export async function withPlan<T>(lab: SoakLab, use: (text: string) => Promise<T>): Promise<T> {
  const text = await onDockerVm(lab.settings, `cat ${PLAN}`);
  try {
    return await use(text);
  } finally {
    await setExports(lab.settings, "served");
    await writePlan(lab, `${text}\n`);
  }
}

/**
 * Reboots the Docker VM once and says what was seen.
 * @param plan text of the host plan as it was deployed
 */
export async function rebootRound(lab: SoakLab, plan: string, round: Round): Promise<Reboot> {
  const { settings, host } = lab;
  const { scenario, random, mountLimitSeconds } = round;
  await writePlan(
    lab,
    serializePlan(shuffledPlan(parsePlan(plan, PLAN).plan, random, mountLimitSeconds)),
  );
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
  await untilOrchestrated(settings, mountLimitSeconds + BOOT_SECONDS);
  const bootSeconds = (Date.now() - cutAt) / 1000;
  const containers = await containersOf(settings);
  const files = await filesBelowMounts(settings, MOUNT_GROUND);
  const facts = { containers, filesBelowMounts: files, cutAt, servedAt };
  const problems = problemsAfter(scenario, facts, host);
  const recovery = late === undefined ? await recover(lab, problems) : undefined;
  const blind = await untilSighted(settings, host, RETURN_SECONDS);
  if (blind.length > 0) problems.push(`the NAS is there, and ${blind.join(", ")} do not see it`);
  return {
    number: round.number,
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

/** The NAS is back and nobody does anything: everything has to come up. */
async function recover(lab: SoakLab, problems: string[]): Promise<number | undefined> {
  const begin = Date.now();
  await setExports(lab.settings, "served");
  try {
    await untilAllHealthy(lab, BOOT_SECONDS);
    await untilSighted(lab.settings, lab.host, RETURN_SECONDS);
    await untilAllHealthy(lab, BOOT_SECONDS);
    return (Date.now() - begin) / 1000;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    problems.push(`after the NAS was back: ${error.message.split("\n").at(-1) ?? ""}`);
    return undefined;
  }
}

async function writePlan(lab: SoakLab, text: string): Promise<void> {
  const encoded = Buffer.from(text).toString("base64");
  await onDockerVm(
    lab.settings,
    `base64 -d > ${PLAN}.new <<'END'\n${encoded}\nEND\nmv ${PLAN}.new ${PLAN}`,
  );
}
