import { UserError } from "../../model/errors.ts";
import { counted } from "../../model/counted.ts";
import { problemText } from "../../model/problem.ts";
import { projectProblems } from "../../workspace/problems.ts";
import { projectEnvironment } from "../../workspace/pulumi.ts";
import { runPulumi } from "../../workspace/pulumi-events.ts";
import type { RunContext } from "./run-context.ts";
import { plannedSteps, targetOptions } from "./services.ts";

/** Longest list of names in a line of the plan. */
const LONGEST_LIST = 12;

/**
 * Every mistake that can be found without changing anything, and then the plan: what Pulumi would do.
 * @throws UserError HL-DECLARATION with every mistake, HostError HL-PULUMI when the preview fails
 */
export async function validate(run: RunContext): Promise<void> {
  const { host, project, fleet } = run;
  const hosts = fleet.map(({ declaration }) => declaration);
  const problems = await projectProblems(project, hosts, [host]);
  if (problems.length > 0) {
    throw new UserError(
      "HL-DECLARATION",
      `${counted(problems.length, "mistake")}:\n${problems.map(problemText).join("\n")}`,
      problems,
    );
  }
  const note = noting(run);
  note("graph sound, every image has its digest, every secret is there");
  if (run.overridden !== undefined) note(run.overridden);
  await showPlan(run);
}

function noting({ journal }: RunContext): (message: string) => void {
  return (message) => journal.note({ event: "note", stage: "validate", message });
}

/**
 * Says what Pulumi would do.
 * @throws HostError HL-PULUMI when the preview fails
 */
export async function showPlan(run: RunContext): Promise<void> {
  const { host, project, facts } = run;
  const note = noting(run);
  const { events } = await runPulumi(
    projectEnvironment(project),
    [
      "preview",
      "--json",
      "--stack",
      host,
      ...(facts.only === null ? [] : targetOptions(run.services)),
    ],
    { interrupted: run.interrupted },
  );
  const steps = plannedSteps(events);
  if (steps.size === 0) note("plan: nothing to change");
  for (const [word, names] of steps) {
    const more = names.length > LONGEST_LIST ? `, and ${names.length - LONGEST_LIST} more` : "";
    note(`plan: ${word} ${names.length}: ${names.slice(0, LONGEST_LIST).join(", ")}${more}`);
  }
}
