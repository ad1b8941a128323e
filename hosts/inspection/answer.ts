import { z } from "zod";
import { parseBootRecord, type BootRecord } from "../../model/boot-record.ts";
import { parseObservation, type Observation } from "../observation.ts";
import { FACT } from "./script.ts";

/** A container as its engine describes it. */
export interface SeenContainer {
  readonly name: string;
  readonly id: string;
  /** running, exited, created, … */
  readonly status: string;
  /** healthy, unhealthy, starting, or none without a check. */
  readonly health: string;
  readonly restarts: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Last output of its check. */
  readonly output: string;
}

/** What a host answered to the check's script. */
export interface HostAnswer {
  readonly engine: string;
  readonly node: string;
  /** Memory of the machine in MiB; undefined when it did not say. */
  readonly memory: number | undefined;
  /** What systemd says of the boot unit: is-enabled, is-failed. */
  readonly unit: { readonly enabled: string; readonly failed: string };
  /** What became of the services since the last boot; undefined when nothing says so. */
  readonly boot: BootRecord | undefined;
  /** Text of the file by which somebody announced maintenance. */
  readonly maintenance: string | undefined;
  /** What the login printed before the script began; empty as it should be. */
  readonly greeting: string;
  /** sshd's own words on how much it takes at once; empty when it did not say. */
  readonly sshd: string;
  /** There is a plan by which the boot unit starts the services. */
  readonly planWritten: boolean;
  /** Used share of each file system, in percent, by mount point. */
  readonly disks: Readonly<Record<string, number>>;
  /** Paths of the needed programs that are there. */
  readonly programs: readonly string[];
  readonly externals: Readonly<Record<string, string>>;
  readonly containers: readonly SeenContainer[];
  readonly observation: Observation;
}

const labelsSchema = z.record(z.string(), z.string()).nullable();

/** Reads the lines that the script printed; lines of others (a login banner) are passed over. */
export function parseAnswer(output: string, greeting = ""): HostAnswer {
  const facts = new Map<string, string>();
  const disks: Record<string, number> = {};
  const programs: string[] = [];
  const externals: Record<string, string> = {};
  const containers: SeenContainer[] = [];
  const rest: string[] = [];
  for (const line of output.split("\n")) {
    if (!line.startsWith(FACT)) {
      rest.push(line);
      continue;
    }
    const [kind = "", name = "", value = "", ...more] = line.slice(FACT.length).split("\t");
    if (kind === "disk") disks[name] = Number(value);
    else if (kind === "program") programs.push(name);
    else if (kind === "external") externals[name] = value;
    else if (kind === "container") containers.push(containerIn([name, value, ...more]));
    else facts.set(`${kind} ${name}`, value.trim());
  }
  const fact = (key: string): string => facts.get(key) ?? "";
  return {
    engine: fact("engine version"),
    node: fact("node version"),
    memory: mebibytesIn(fact("memory total")),
    unit: { enabled: fact("unit enabled"), failed: fact("unit failed") },
    boot: parseBootRecord(decoded(facts.get("boot file")) ?? ""),
    maintenance: decoded(facts.get("maintenance file")),
    greeting,
    sshd: fact("sshd limits"),
    planWritten: facts.has("plan written"),
    disks,
    programs,
    externals,
    containers,
    observation: parseObservation(rest.join("\n")),
  };
}

/** Whether something of ours is on the host. */
export function wasDeployed(answer: HostAnswer): boolean {
  return (
    answer.planWritten ||
    answer.containers.some(({ labels }) => labels["homelab.service"] !== undefined)
  );
}

function decoded(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, "base64").toString("utf8");
}

/** What stands in kB, as the kernel says it. */
function mebibytesIn(kibibytes: string): number | undefined {
  return /^\d+$/.test(kibibytes) ? Number(kibibytes) / 1024 : undefined;
}

function containerIn(fields: readonly string[]): SeenContainer {
  const [name = "", id = "", status = "", health = "", restarts = "0"] = fields;
  return {
    name: name.replace(/^\//, ""),
    id,
    status,
    health,
    restarts: Number(restarts),
    labels: labelsSchema.parse(JSON.parse(fields[5] ?? "{}")) ?? {},
    output: z
      .string()
      .parse(JSON.parse(fields[6] ?? '""'))
      .trim(),
  };
}
