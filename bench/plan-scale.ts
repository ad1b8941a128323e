// Plans one generated fleet in a process of its own, as a command does, and prints what it took as
// JSON: `node --expose-gc --import tsx bench/plan-scale.ts <services> <hosts>`.
import { generatedApps } from "./generated-fleet.ts";
import { planFleet, STAGES, type Stage } from "./plan-fleet.ts";

/** What one process took. */
export interface PlanCost {
  readonly seconds: Readonly<Record<Stage, number>>;
  /** Memory beyond what the process had before the first stage, at its highest. */
  readonly mebibytes: number;
}

const MEBIBYTE = 1024 * 1024;

function costOf(services: number, hosts: number): PlanCost {
  const apps = generatedApps({ services, hosts });
  globalThis.gc?.();
  const { rss } = process.memoryUsage();
  const seconds = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>;
  planFleet(apps, (stage, work) => {
    const begin = performance.now();
    const result = work();
    seconds[stage] = (performance.now() - begin) / 1000;
    return result;
  });
  // The kernel counts the most of a whole life.
  const most = process.resourceUsage().maxRSS * 1024;
  return { seconds, mebibytes: Math.max(0, most - rss) / MEBIBYTE };
}

const [services, hosts] = process.argv.slice(2).map(Number);
if (services === undefined || hosts === undefined) throw new Error("which services, which hosts?");
process.stdout.write(`${JSON.stringify(costOf(services, hosts))}\n`);
