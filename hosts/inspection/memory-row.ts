import type { HostDeclaration } from "../../model/declaration.ts";
import type { ImageContract } from "../../model/image-contract.ts";
import { memoryDemand, memoryText } from "../../model/memory.ts";
import { toMebibytes } from "../../model/units.ts";
import type { Verdict } from "./rows.ts";

/** Containers that the remedy names. */
const NAMED = 5;

/**
 * Whether all containers of the host may use their limits at once.
 * @param total memory of the machine in MiB; undefined when it did not say
 */
export function memoryRow(
  host: HostDeclaration,
  total: number | undefined,
  contracts: readonly ImageContract[],
): Verdict {
  const check = "memory";
  if (total === undefined) {
    return {
      check,
      state: "warning",
      seen: "the machine does not say how much it has",
      remedy: `see what \`ssh ${host.host} grep MemTotal /proc/meminfo\` says`,
    };
  }
  const { limits, floors } = memoryDemand(host, contracts);
  if (limits <= total) {
    return {
      check,
      state: "ok",
      seen: `limits of ${memoryText(limits)} in ${memoryText(total)}`,
      remedy: "",
    };
  }
  const least = floors > total ? `; even the ${memoryText(floors)} that they need do not fit` : "";
  return {
    check,
    state: "warning",
    seen: `limits of ${memoryText(limits)} are ${memoryText(limits - total)} more than the machine's ${memoryText(total)}${least}`,
    remedy: `give the machine more memory, or run less on it, or the kernel ends containers when all are busy; the largest are ${largest(host)} (docs/memory.md)`,
  };
}

function largest({ services }: HostDeclaration): string {
  return services
    .map(({ name, limits }) => ({ name, memory: toMebibytes(limits.memory) }))
    .sort((a, b) => b.memory - a.memory)
    .slice(0, NAMED)
    .map(({ name, memory }) => `${name} ${memoryText(memory)}`)
    .join(", ");
}
