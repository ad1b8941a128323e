import type { HostDeclaration } from "../../model/declaration.ts";
import { memoryText } from "../../model/memory.ts";
import { wasDeployed, type HostAnswer, type SeenDisk } from "./answer.ts";
import type { CheckState, Verdict } from "./rows.ts";

/** Used shares of a disk, in percent: the engine stops pulling, then databases stop writing. */
const DISK_PERCENT = { warning: 85, failure: 95 } as const;

/**
 * What the images of a first deployment take, in MiB for each container: unpacked, those of the
 * household's apps are between some MiB and 3 GiB.
 */
const IMAGE_MIB = 512;

/** The points about the file systems: what is used, and before the first deployment what is left. */
export function diskRows(host: HostDeclaration, answer: HostAnswer): Verdict[] {
  return Object.entries(answer.disks).map(([mount, disk]) => {
    const short =
      wasDeployed(answer) || mount !== answer.imageDisk ? undefined : lackOf(host, disk);
    return short === undefined
      ? usedRow(mount, disk.used)
      : {
          check: `disk ${mount}`,
          state: "warning" as const,
          seen: short,
          remedy:
            "give it a larger disk, or put the engine's folder on one (data-root in /etc/docker/daemon.json)",
        };
  });
}

function lackOf({ services }: HostDeclaration, { free }: SeenDisk): string | undefined {
  const least = services.length * IMAGE_MIB;
  if (free === undefined || free >= least) return undefined;
  return `${memoryText(free)} left, and the images of ${services.length} containers take about ${memoryText(least)}`;
}

function usedRow(mount: string, used: number): Verdict {
  const check = `disk ${mount}`;
  const seen = `${used} % used`;
  if (used < DISK_PERCENT.warning) return { check, state: "ok", seen, remedy: "" };
  const state: CheckState = used < DISK_PERCENT.failure ? "warning" : "failure";
  const remedy = "free some: docker image prune --all removes unused images";
  return { check, state, seen, remedy };
}
