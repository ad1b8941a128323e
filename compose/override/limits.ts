import type { ServiceDeclaration } from "../../model/declaration.ts";
import { memoryText } from "../../model/memory.ts";
import { toMebibytes } from "../../model/units.ts";
import type { Edit, Part, Refusal } from "./part.ts";

/** Where a service's limits stand, in the order in which one of them counts. */
const MEMORY = { alone: ["mem_limit"], deploy: ["deploy", "resources", "limits", "memory"] };
const CPUS = { alone: ["cpus"], deploy: ["deploy", "resources", "limits", "cpus"] };

/** Memory and processors. More than the machine has is none of them. */
export const limits: Part = (service, { mem_limit: alone, cpus, deploy = {} }, { machine }) => {
  const edits: Edit[] = [];
  const refusals: Refusal[] = [];
  let next: ServiceDeclaration["limits"] = service.limits;
  const twice = (of: typeof MEMORY): void => {
    refusals.push({ at: of.deploy, message: `is said by ${of.alone.join(".")}, too; keep one` });
  };
  if (alone !== undefined && deploy.memory !== undefined) twice(MEMORY);
  if (cpus !== undefined && deploy.cpus !== undefined) twice(CPUS);

  const memory = alone ?? deploy.memory;
  if (memory !== undefined && toMebibytes(memory) !== toMebibytes(next.memory)) {
    const at = alone === undefined ? MEMORY.deploy : MEMORY.alone;
    if (machine.memory !== undefined && toMebibytes(memory) > machine.memory) {
      const message = `is more than the machine has (${memoryText(machine.memory)})`;
      refusals.push({ at, message });
    }
    edits.push({ at, declared: "limits.memory", old: next.memory, next: memory });
    next = { ...next, memory };
  }
  const share = cpus ?? deploy.cpus;
  if (share !== undefined && share !== next.cpus) {
    const at = cpus === undefined ? CPUS.deploy : CPUS.alone;
    if (machine.cpus !== undefined && share > machine.cpus) {
      refusals.push({ at, message: `is more than the machine has (${machine.cpus})` });
    }
    edits.push({ at, declared: "limits.cpus", old: String(next.cpus), next: String(share) });
    next = { ...next, cpus: share };
  }
  return { service: edits.length === 0 ? service : { ...service, limits: next }, edits, refusals };
};
