import { counted } from "../../../model/counted.ts";

/** The hosts. */
export const HOSTS = {
  heardLabel: "Heard",
  servicesLabel: "Services",
  planLabel: "Deployed",
  noPlan: "nothing is known to be deployed",
  notesLabel: "Notes",
  clock: (seconds: number) => `clock ${Math.abs(seconds)} s ${seconds > 0 ? "ahead" : "behind"}`,
  maintenance: (why: string, by: string) => `in maintenance: ${why} (${by})`,
  held: (by: string) => `held at a deployment by ${by}`,
  deploying: (stage: string | null, service: string | undefined) =>
    `a deployment is under way${[stage === null ? "" : `: ${stage}`, service === undefined ? "" : `, ${service}`].join("")}`,
  gap: (why: string) => `something may be missing: ${why}`,
  engine: (why: string) => `engine does not answer: ${why}`,
  lostEvents: (count: number) => `${counted(count, "event")} never came`,
};
