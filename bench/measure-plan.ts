// (g): how what is worked out before anything is reached grows with the fleet.
import { join } from "node:path";
import { execa } from "execa";
import { step, type Reporter } from "../sandbox/reporter.ts";
import { STAGES } from "./plan-fleet.ts";
import type { PlanCost } from "./plan-scale.ts";
import type { PlanScale } from "./results.ts";
import { summarise } from "./statistics.ts";

/** Hosts of every generated fleet. */
const HOSTS = 30;

/** Services of the fleets, each twice the one before. */
const SIZES = [250, 500, 1000, 2000];

/** Plans each fleet once a round, in a process of its own. */
export async function measurePlan(rounds: number, reporter: Reporter): Promise<PlanScale> {
  const sizes = [];
  for (const services of SIZES) {
    const name = `plan ${services} generated services on ${HOSTS} hosts`;
    const costs = await step(reporter, name, async () => {
      const all: PlanCost[] = [];
      for (let round = 0; round < rounds; round += 1) all.push(await planned(services));
      return all;
    });
    const median = (of: (cost: PlanCost) => number) => summarise(costs.map(of)).median;
    sizes.push({
      services,
      seconds: Object.fromEntries(
        STAGES.map((stage) => [stage, median(({ seconds }) => seconds[stage])]),
      ) as PlanCost["seconds"],
      mebibytes: median(({ mebibytes }) => mebibytes),
    });
  }
  return { hosts: HOSTS, sizes };
}

async function planned(services: number): Promise<PlanCost> {
  const program = join(import.meta.dirname, "plan-scale.ts");
  const options = ["--expose-gc", "--import", "tsx"];
  const { stdout } = await execa(process.execPath, [
    ...options,
    program,
    `${services}`,
    `${HOSTS}`,
  ]);
  return JSON.parse(stdout) as PlanCost;
}
