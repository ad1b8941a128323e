import { dockerVm as declared } from "../../household/docker-vm.plan.ts";
import type { HouseholdHost } from "../../household/household-host.ts";
import { phase } from "../../household/phase.ts";
import { CROWD_VARIABLE, crowdApps } from "./crowd.plan.ts";

/** Before all documented phases: what waits for every service of the host waits for these too. */
const FIRST_PHASE = 0;

/** The Docker VM as the household has it, and the crowd. */
export const dockerVm: HouseholdHost = {
  ...declared,
  apps: (...given) => [
    phase(FIRST_PHASE, crowdApps(Number(process.env[CROWD_VARIABLE] ?? "0"))),
    ...declared.apps(...given),
  ],
};
