import type { HostDeclaration } from "../../../model/declaration.ts";
import type { HostAnswer } from "../answer.ts";
import type { Verdict } from "../rows.ts";
import { dockerRows } from "./docker-rows.ts";
import { machineNeeds } from "./machine-needs.ts";
import { portRows } from "./port-rows.ts";
import { registryRows } from "./registry-rows.ts";
import { subnetRows } from "./subnet-rows.ts";
import { timeRows, type Asked } from "./time-rows.ts";

/** What is known here and not on the host. */
export interface Here {
  readonly asked: Asked;
  /** Address to who has it: hosts and name servers that the host talks to. */
  readonly talkedTo: ReadonlyMap<string, string>;
}

/** What a deployment needs of a machine beside an engine and Node.js, most of it before the first. */
export function needRows(host: HostDeclaration, answer: HostAnswer, here: Here): Verdict[] {
  return [
    ...dockerRows(answer),
    ...machineNeeds(host, answer),
    ...portRows(host, answer),
    ...subnetRows(host, answer, here.talkedTo),
    ...timeRows(host.host, answer, here.asked),
    ...registryRows(host, answer),
  ];
}
