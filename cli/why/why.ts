import { findWhy } from "../../deploy/why/why.ts";
import { UserError } from "../../model/errors.ts";
import { buildGraph, hostOf } from "../../model/graph.ts";
import { declarationsOf, openProject, withLocks } from "../../workspace/project.ts";
import { nodeNamed } from "../graph/report.ts";
import { print, printJson } from "../output.ts";
import { whyText } from "./text.ts";
import { whyAnswerSchema } from "../../deploy/why/answer.ts";

/** Explains one service, prints the answer and answers the exit code. */
export async function why(text: string, json: boolean): Promise<number> {
  const project = await openProject();
  const declarations = declarationsOf(project);
  const graph = buildGraph(declarations);
  const service = nodeNamed(graph, "all", text);
  if (graph.nodes.get(service)?.kind === "gate") {
    throw new UserError(
      "HL-USAGE",
      `"${text}" is a gate; \`npx homelab check ${hostOf(service)}\` says how it is, and \`npx homelab why <service>\` what it holds back`,
    );
  }
  const fleet = await withLocks(project, declarations);
  const answer = await findWhy(service, fleet);
  if (json) printJson(whyAnswerSchema, answer);
  else print(whyText(answer));
  return answer.exitCode;
}
