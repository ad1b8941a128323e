// Where the time of one boot goes: the chain that ended last, link by link, and whose processor
// time it was.
import type { StartTime } from "../hosts/engine-events.ts";
import { BOOT_UNIT } from "../model/boot.ts";
import type { Graph } from "../model/graph.ts";
import { requirementsOf } from "../model/graph.ts";
import { onDockerVm, type Lab } from "./lab.ts";

/** One service of the chain; seconds. */
export interface BootLink {
  readonly name: string;
  /** From when the one before was there, or the boot began, until its process ran. */
  readonly untilStarted: number;
  /** From then until the next could go on. */
  readonly untilThere: number;
}

/** Processor seconds of one boot. */
export interface BootProcessor {
  /** The containers' own processes, their health checks among them. */
  readonly containers: number;
  readonly orchestrator: number;
  /** The engine with what it starts to make and to check containers, and the rest of the machine. */
  readonly engine: number;
}

/** What one boot took. */
export interface BootProfile {
  readonly chain: readonly BootLink[];
  /** @default the machine's control groups do not say */
  readonly processor: BootProcessor | undefined;
}

/**
 * The chain of services that waited for each other and was healthy last: its links' times together
 * are the whole boot.
 * @param times by container name, of the services of `host`
 */
export function lastChain(
  graph: Graph,
  host: string,
  times: ReadonlyMap<string, StartTime>,
): BootLink[] {
  const needs = requirementsOf(graph);
  const links: BootLink[] = [];
  const [last] = [...times].sort(([, a], [, b]) => b.healthy - a.healthy);
  let next = last && { name: last[0], there: last[1].healthy };
  while (next) {
    const { name, there } = next;
    const { started } = times.get(name) ?? { started: there };
    const before = (needs.get(`${host}/${name}`) ?? []).flatMap(({ to, condition }) => {
      const other = to.slice(host.length + 1);
      const time = times.get(other);
      if (!time) return [];
      return [{ name: other, there: condition === "started" ? time.started : time.healthy }];
    });
    // What it did not wait for, being soft and late, is no link.
    const [previous] = before
      .filter((one) => one.there <= started)
      .sort((a, b) => b.there - a.there);
    links.unshift({
      name,
      untilStarted: started - (previous?.there ?? 0),
      untilThere: there - started,
    });
    next = previous;
  }
  return links;
}

/** Nanoseconds of the machine and of its containers, and ticks of the orchestrator. */
const READ_USAGE = `cd /sys/fs/cgroup/cpuacct 2> /dev/null || exit 0
pid=$(systemctl show --property MainPID --value ${BOOT_UNIT})
ticks=$(awk '{ sub(/.*\\) /, ""); print $12 + $13 }' "/proc/$pid/stat" 2> /dev/null || echo 0)
echo "$(cat cpuacct.usage) $(cat docker/cpuacct.usage 2> /dev/null || echo 0) $ticks"`;

/** The kernel's unit of a process's processor time. */
const TICKS_A_SECOND = 100;

/**
 * Measures whose processor time is used from now on.
 * @returns gives it, once the boot is over; undefined where control groups of version 1 are missing
 */
export async function watchBootProcessor(
  lab: Pick<Lab, "settings">,
): Promise<() => Promise<BootProcessor | undefined>> {
  const before = usageIn(await onDockerVm(lab.settings, READ_USAGE));
  return async () => {
    const now = usageIn(await onDockerVm(lab.settings, READ_USAGE));
    if (!before || !now) return undefined;
    const containers = now.containers - before.containers;
    // Another process than before: it has existed since the boot began.
    const { orchestrator } = now;
    const engine = now.machine - before.machine - containers - orchestrator;
    return { containers, orchestrator, engine };
  };
}

/** What READ_USAGE printed, in seconds. */
export function usageIn(text: string) {
  const [machine, containers, ticks] = text.split(" ").map(Number);
  if (machine === undefined || containers === undefined || ticks === undefined) return undefined;
  return {
    machine: machine / 1e9,
    containers: containers / 1e9,
    orchestrator: ticks / TICKS_A_SECOND,
  };
}
