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
import {
  INSPECTED,
  type InspectedContainer,
  type InspectedImage,
  type InspectedNetwork,
  type InspectedVolume,
} from "./inspect.ts";

/** Everything that one look at a host saw. */
export interface HostLook {
  readonly containers: readonly InspectedContainer[];
  /** The images that the containers were made from. */
  readonly images: readonly InspectedImage[];
  readonly networks: readonly InspectedNetwork[];
  readonly volumes: readonly InspectedVolume[];
  /** Digest of the host plan; undefined when there is no plan, or none that can be read. */
  readonly planDigest: string | undefined;
  /** The host's own clock, in seconds since 1970: the times that its engine says are by it. */
  readonly clock: number | undefined;
  /** What the boot orchestrator keeps; undefined when it does not run, or left nothing readable. */
  readonly boot: BootRecord | undefined;
  /** What every preview looks at, too. */
  readonly observation: Observation;
}

/** First character of the lines that are the engine's; the others are the observation's. */
const FACT = "@";

/** A Go template that prints the whole object in one line of JSON. */
function line(kind: keyof typeof INSPECTED | "plan"): string {
  return quote(`${FACT}${kind} {{json .}}`);
}

/**
 * A script that prints the host's clock, what the engine says of its containers, their images, its
 * networks and volumes, plan and boot record, one JSON object a line, and then the observation. It
 * changes nothing on the host.
 */
export function lookScript(host: HostDeclaration, gates: HostPlan["gates"]): string {
  const plan = quote(desiredPlan(host.host));
  // What goes away between a list and the look at it is as good as gone. That the engine answers
  // at all says the observation, which comes last.
  return `{
date '+${FACT}clock %s'
containers=$(docker ps --all --quiet --no-trunc)
[ -z "$containers" ] || {
  docker container inspect --format ${line("container")} $containers
  docker container inspect --format '{{.Image}}' $containers | sort -u |
    xargs -r docker image inspect --format ${line("image")}
}
docker network ls --quiet --no-trunc | xargs -r docker network inspect --format ${line("network")}
docker volume ls --quiet | xargs -r docker volume inspect --format ${line("volume")}
[ ! -s ${plan} ] || { printf '${FACT}plan '; cat ${plan}; echo; }
! systemctl is-active --quiet ${BOOT_UNIT} || [ ! -s ${BOOT_RECORD_FILE} ] ||
  { printf '${FACT}boot '; tr -d '\\n' < ${BOOT_RECORD_FILE}; echo; }
} 2>/dev/null
${deviceFacts(devicesToLookFor(host))}${observationScript(gates)}`;
}

/** A line of the engine's that is not what it should be. Its text may hold secrets. */
export class UnreadableLook extends Error {
  /** @param kind what the line is about, e.g. "container" */
  constructor(readonly kind: string) {
    super(`what the engine says of a ${kind} could not be read`);
  }
}

/**
 * Reads what the script printed.
 * @throws UnreadableLook
 */
export function parseLook(output: string): HostLook {
  const seen: Record<keyof typeof INSPECTED, unknown[]> = {
    container: [],
    image: [],
    network: [],
    volume: [],
  };
  const rest: string[] = [];
  let planDigest: string | undefined;
  let clock: number | undefined;
  let boot: BootRecord | undefined;
  for (const text of output.split("\n")) {
    const [, kind = "", json = ""] = /^@(\w+) (.*)$/.exec(text) ?? [];
    if (kind === "plan") planDigest = digestIn(json);
    else if (kind === "boot") boot = parseBootRecord(json);
    else if (kind === "clock") clock = Number(json) || undefined;
    else if (kind in seen) seen[kind as keyof typeof seen].push(parsed(kind, json));
    else rest.push(text);
  }
  const read = <Kind extends keyof typeof INSPECTED>(kind: Kind) =>
    seen[kind].map((value) => {
      const result = INSPECTED[kind].safeParse(value);
      if (!result.success) throw new UnreadableLook(kind);
      return result.data as z.infer<(typeof INSPECTED)[Kind]>;
    });
  return {
    containers: read("container"),
    images: read("image"),
    networks: read("network"),
    volumes: read("volume"),
    planDigest,
    clock,
    boot,
    observation: parseObservation(rest.join("\n")),
  };
}

function parsed(kind: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UnreadableLook(kind);
  }
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
