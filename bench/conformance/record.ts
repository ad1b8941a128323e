// Where the runs are kept, and the page that is made of them.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { conformancePage } from "../../model/conformance.ts";
import { parseRuns, runsText, withRuns, type ConformanceRun } from "../../model/conformance-run.ts";
import { contractsOf } from "../../model/image-catalogue.ts";
import { declaredHosts } from "./declared.ts";
import { conformanceSettings } from "./machine.ts";
import { NOT_RUN } from "./not-run.ts";

/** File with the runs, below the checkout. */
export const RUNS_FILE = "bench/conformance/runs.json";

/** Keeps the runs of today beside those of other programs, and writes docs/conformance.md anew. */
export async function keepRuns(checkout: string, today: readonly ConformanceRun[]): Promise<void> {
  const file = join(checkout, RUNS_FILE);
  const runs = withRuns(parseRuns(await readFile(file, "utf8")), today);
  await writeFile(file, runsText(runs));
  const contracts = contractsOf(declaredHosts(conformanceSettings()));
  const page = conformancePage(contracts, runs, NOT_RUN);
  await writeFile(join(checkout, "docs", "conformance.md"), page);
}
