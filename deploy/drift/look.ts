import { z } from "zod";
import {
  deviceFacts,
  observationScript,
  parseObservation,
  type Observation,
} from "../../hosts/observation.ts";
import { BOOT_UNIT } from "../../model/boot.ts";
import { parseBootRecord, type BootRecord } from "../../model/boot-record.ts";
import { devicesToLookFor } from "../../model/device-gates.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import type { HostPlan } from "../../model/host-plan.ts";
import { BOOT_RECORD_FILE, desiredPlan } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { engineFacts, engineFactsIn, type EngineFacts } from "../../hosts/engine/engine-facts.ts";
import { FACT } from "../../hosts/engine/inspect.ts";

/** Everything that one look at a host saw. */
export interface HostLook extends EngineFacts {
  /** Digest of the host plan; undefined when there is no plan, or none that can be read. */
  readonly planDigest: string | undefined;
  /** The host's own clock, in seconds since 1970: the times that its engine says are by it. */
  readonly clock: number | undefined;
  /** What the boot orchestrator keeps; undefined when it does not run, or left nothing readable. */
  readonly boot: BootRecord | undefined;
  /** What every preview looks at, too. */
  readonly observation: Observation;
}

/**
 * A script that prints the host's clock, what the engine says of its containers, their images, its
 * networks and volumes, plan and boot record, one JSON object a line, and then the observation. It
 * changes nothing on the host.
 */
export function lookScript(host: HostDeclaration, gates: HostPlan["gates"]): string {
  const plan = quote(desiredPlan(host.host));
  // That the engine answers at all says the observation, which comes last.
  return `${engineFacts()}{
date '+${FACT}clock %s'
[ ! -s ${plan} ] || { printf '${FACT}plan '; cat ${plan}; echo; }
! systemctl is-active --quiet ${BOOT_UNIT} || [ ! -s ${BOOT_RECORD_FILE} ] ||
  { printf '${FACT}boot '; tr -d '\\n' < ${BOOT_RECORD_FILE}; echo; }
} 2>/dev/null
${deviceFacts(devicesToLookFor(host))}${observationScript(gates)}`;
}

/**
 * Reads what the script printed.
 * @throws UnreadableFact
 */
export function parseLook(output: string): HostLook {
  const lines = output.split("\n");
  let planDigest: string | undefined;
  let clock: number | undefined;
  let boot: BootRecord | undefined;
  for (const text of lines) {
    const [, kind = "", json = ""] = /^@(\w+) (.*)$/.exec(text) ?? [];
    if (kind === "plan") planDigest = digestIn(json);
    else if (kind === "boot") boot = parseBootRecord(json);
    else if (kind === "clock") clock = Number(json) || undefined;
  }
  return {
    ...engineFactsIn(lines),
    planDigest,
    clock,
    boot,
    observation: parseObservation(lines.filter((text) => !text.startsWith(FACT)).join("\n")),
  };
}

const planSchema = z.looseObject({ digest: z.string() });

/** A plan that somebody broke has none. */
function digestIn(json: string): string | undefined {
  try {
    return planSchema.safeParse(JSON.parse(json)).data?.digest;
  } catch {
    return undefined;
  }
}
