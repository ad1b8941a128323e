// What the page says of (g) and (h): each size, and how many times the one before it costs.
import { markdownTable, seconds } from "./markdown.ts";
import { STAGES } from "./plan-fleet.ts";
import { MEASUREMENTS, type EngineScale, type PlanScale, type Results } from "./results.ts";

/** The parts of the page about scale, of what was measured. */
export function scaleTexts({ planScale, engineScale }: Results): string[] {
  return [
    ...(planScale ? [planText(planScale)] : []),
    ...(engineScale ? [engineText(engineScale)] : []),
  ];
}

/** Seconds of all stages together. */
export function wholePlan(size: PlanScale["sizes"][number]): number {
  return STAGES.reduce((sum, stage) => sum + size.seconds[stage], 0);
}

function planText({ hosts, sizes }: PlanScale): string {
  const table = markdownTable(
    ["services", ...STAGES, "together", "times the size before", "memory"],
    sizes.map((size, index) => [
      String(size.services),
      ...STAGES.map((stage) => exact(size.seconds[stage])),
      exact(wholePlan(size)),
      growth(sizes.map(wholePlan), index),
      `${size.mebibytes.toFixed(0)} MiB`,
    ]),
  );
  return `### (g) ${MEASUREMENTS.g}\n\nOn ${hosts} hosts, each size in processes of its own, which begin cold. Memory is what the work takes at most beyond the process itself. That the steps, and not just these times, grow as the fleet does is held by \`test/bench/plan-fleet.test.ts\`, which counts them.\n\n${table}`;
}

function engineText({ sizes }: EngineScale): string {
  const columns = [
    ["from nothing", ({ fromNothing }: EngineScale["sizes"][number]) => fromNothing],
    ["nothing to do", ({ nothingToDo }: EngineScale["sizes"][number]) => nothingToDo],
    ["preview", ({ preview }: EngineScale["sizes"][number]) => preview],
    ["boot", ({ boot }: EngineScale["sizes"][number]) => boot],
  ] as const;
  const table = markdownTable(
    ["containers", ...columns.flatMap(([name]) => [name, "times"]), "state"],
    sizes.map((size, index) => [
      String(size.containers),
      ...columns.flatMap(([, of]) => [seconds(of(size)), growth(sizes.map(of), index)]),
      `${size.stateMebibytes.toFixed(2)} MiB`,
    ]),
  );
  return `### (h) ${MEASUREMENTS.h}\n\nThe declared containers of the Docker VM and small ones beside them, once each. "Times" is beside the size before it.\n\n${table}`;
}

function growth(values: readonly number[], index: number): string {
  const [value, before] = [values[index], values[index - 1]];
  return value === undefined || before === undefined ? "" : (value / before).toFixed(2);
}

function exact(value: number): string {
  return `${value.toFixed(2)} s`;
}
