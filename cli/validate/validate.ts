import { counted } from "../../model/counted.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import { problemText, type Problem } from "../../model/problem.ts";
import { print, printJson } from "../output.ts";
import { declarationsOf, openProject } from "../../workspace/project.ts";
import { projectProblems } from "../../workspace/problems.ts";
import { validateAnswerSchema } from "./answer.ts";

/** Prints what is wrong with the project and answers the exit code. */
export async function validate(json: boolean): Promise<number> {
  const project = await openProject();
  const hosts = declarationsOf(project);
  const problems = await projectProblems(project, hosts);
  if (json) printJson(validateAnswerSchema, { problems });
  else print(validationText(problems, hosts));
  return problems.length === 0 ? 0 : 2;
}

function validationText(problems: readonly Problem[], hosts: readonly HostDeclaration[]): string {
  if (problems.length === 0) {
    const services = hosts.reduce((sum, host) => sum + host.services.length, 0);
    return `${counted(services, "service")} on ${counted(hosts.length, "host")}: nothing wrong`;
  }
  return `${problems.map(problemText).join("\n")}\n${counted(problems.length, "mistake")}`;
}
