import { dockerCredentials } from "../../workspace/images/credentials.ts";
import { declaredImages } from "../../workspace/images/declared-images.ts";
import { KeptAnswers, keptAnswersPath } from "../../workspace/images/kept-answers.ts";
import { findOutdated, outdatedReportSchema } from "../../workspace/images/outdated.ts";
import { registryClient } from "../../workspace/images/registry.ts";
import { declarationsOf, openProject } from "../../workspace/project.ts";
import { note, print, printJson } from "../output.ts";
import { coolDownSeconds } from "./cool-down.ts";
import { outdatedText } from "./outdated-text.ts";

/** Says what is newer than what is declared, and answers the exit code. */
export async function outdated(
  services: readonly string[],
  options: { readonly coolDown: string; readonly json: boolean },
): Promise<number> {
  const now = new Date();
  const coolDown = coolDownSeconds(options.coolDown);
  const project = await openProject();
  const images = await declaredImages(project, declarationsOf(project), services);
  const report = await findOutdated(images, {
    coolDownSeconds: coolDown,
    now,
    registry: registryClient(await dockerCredentials()),
    kept: await KeptAnswers.open(keptAnswersPath(project), now),
    say: note,
  });
  if (options.json) printJson(outdatedReportSchema, report);
  else print(outdatedText(report, now));
  return report.exitCode;
}
