import { expect } from "vitest";
import { deployReportSchema, type DeployReport } from "../../../deploy/staged/report.ts";
import { runHomelab } from "../support/run-homelab.ts";
import type { ImitatedFleet } from "./imitated-fleet.ts";

/** What a run of `homelab deploy nas --json` ended with. */
export interface DeployedNas {
  readonly code: number;
  readonly host: DeployReport["hosts"][number];
  readonly said: string;
}

/** Runs `homelab deploy nas --json` with further words; its exit code has to be the report's. */
export async function deployNas(fleet: ImitatedFleet, ...words: string[]): Promise<DeployedNas> {
  const args = ["deploy", "nas", "--json", "--root", fleet.root, ...words];
  const { exitCode, stdout, stderr } = await runHomelab(args, fleet.env);
  expect(stdout, stderr).not.toBe("");
  const { hosts, exitCode: reported } = deployReportSchema.parse(JSON.parse(stdout));
  expect(reported).toBe(exitCode);
  const [host] = hosts;
  if (!host) throw new Error("no host in the report");
  return { code: exitCode, host, said: stderr };
}
