// What a host tells of a deployment of itself, from the log that the deployment writes there: stages and
// names of services. No message of the log, which may quote anything.
import * as z from "zod";
import { readAs } from "./read-as.ts";
import { asLine, commit, line, thingName } from "./words.ts";

/** Schema of a line of a deployment, as it is told. */
export const toldDeployment = z.object({
  /** Id of the run. */
  run: line,
  step: z.enum(["began", "stage", "failed", "ended"]),
  /** Only for "stage" and "failed". */
  stage: thingName.optional(),
  /** Only for "stage" and "failed", where it is about one service of that stage. */
  service: thingName.optional(),
  /** Only with a service, for "stage": whether it is made anew now, or is ready since. */
  is: z.enum(["begun", "ready"]).optional(),
  /** Only for "began". */
  commit: commit.optional(),
  /** Only for "ended". */
  outcome: z.enum(["done", "failed"]).optional(),
});

/** A line of a deployment. */
export type ToldDeployment = z.infer<typeof toldDeployment>;

/** What stands before the JSON of a line of the log. */
const STRUCT = "[STRUCT] ";

/** Of the log's lines, those that are told; what else stands there is passed over. */
const logLine = z.object({
  run: z.string(),
  event: z.string(),
  stage: z.string().optional(),
  service: z.string().optional(),
  changed: z.boolean().optional(),
  commit: z.string().optional(),
  outcome: z.enum(["done", "failed"]).optional(),
});

/** What is told of the log of a deployment, in its order. A line that cannot be read is none. */
export function deploymentIn(log: string): ToldDeployment[] {
  return log.split("\n").flatMap((text) => {
    const said = text.startsWith(STRUCT) ? readAs(logLine, text.slice(STRUCT.length)) : undefined;
    const told = said && toldOf(said);
    return told ? (toldDeployment.safeParse(told).data ?? []) : [];
  });
}

function toldOf({
  event,
  stage,
  service,
  changed,
  outcome,
  ...said
}: z.infer<typeof logLine>): ToldDeployment | undefined {
  const run = asLine(said.run);
  switch (event) {
    case "run-began": {
      const known = commit.safeParse(said.commit).data;
      return { run, step: "began", ...(known === undefined ? {} : { commit: known }) };
    }
    case "stage-began":
      return { run, step: "stage", stage };
    case "stage-failed":
      return { run, step: "failed", stage };
    case "service-began":
      return { run, step: "stage", stage, service, is: "begun" };
    case "service-ready":
      // Of the others each look tells that they are well.
      return changed ? { run, step: "stage", stage, service, is: "ready" } : undefined;
    case "service-failed":
      return { run, step: "failed", stage, service };
    case "run-ended":
      return { run, step: "ended", outcome };
    default:
      return undefined;
  }
}
