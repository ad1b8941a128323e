import { UserError } from "../../model/errors.ts";
import { dockerCredentials } from "../../workspace/images/credentials.ts";
import { declaredImages, staysInMajor } from "../../workspace/images/declared-images.ts";
import { KeptAnswers, keptAnswersPath } from "../../workspace/images/kept-answers.ts";
import { readSources } from "../../workspace/images/declared-place.ts";
import { chosenTag } from "../../workspace/images/look-up.ts";
import { findOutdated } from "../../workspace/images/outdated.ts";
import { registryClient } from "../../workspace/images/registry.ts";
import {
  plannedUpdate,
  writeUpdates,
  type ImageUpdate,
  type NotUpdated,
} from "../../workspace/images/update.ts";
import { declarationsOf, openProject } from "../../workspace/project.ts";
import { assertCanAsk, confirmed } from "../confirm.ts";
import { note, print, printJson } from "../output.ts";
import { coolDownSeconds } from "./cool-down.ts";
import { updateAnswerSchema } from "./update-answer.ts";
import { nextText, updateText } from "./update-text.ts";

/** How `homelab images update` was called. */
export interface UpdateOptions {
  /** The tag to go to, of one image. @default the newest of its major version that is old enough */
  readonly to: string | undefined;
  readonly coolDown: string;
  readonly yes: boolean;
  readonly json: boolean;
}

/** Shows what images are to become, asks, writes it, and answers the exit code. */
export async function updateImages(
  services: readonly string[],
  { to, coolDown, yes, json }: UpdateOptions,
): Promise<number> {
  assertCanAsk({ yes, json });
  const now = new Date();
  const project = await openProject();
  const images = await declaredImages(project, declarationsOf(project), services);
  const [first] = images;
  if (to !== undefined && (services.length === 0 || images.length !== 1 || !first)) {
    throw new UserError("HL-USAGE", "--to names a tag of one image; name one service");
  }
  const asking = {
    coolDownSeconds: coolDownSeconds(coolDown),
    now,
    registry: registryClient(await dockerCredentials()),
    kept: await KeptAnswers.open(keptAnswersPath(project), now),
    say: note,
  };
  const { rows } = await findOutdated(images, asking);
  const chosen =
    to === undefined || !first
      ? undefined
      : await chosenTag({ ...first, staysInMajor: staysInMajor(first.contract), ...asking }, to);
  if (chosen && "problem" in chosen)
    throw new UserError("HL-USAGE", `--to ${to}: ${chosen.problem}`);
  const updates: ImageUpdate[] = [];
  const others: NotUpdated[] = [];
  const sources = await readSources(project.programFolder);
  for (const declared of images) {
    const row = rows.find(({ image }) => image === declared.image);
    if (!row) continue;
    const planned = await plannedUpdate(sources, declared, row, chosen, asking.registry);
    if ("why" in planned) others.push(planned);
    else updates.push(planned);
  }
  // Who named nothing hears of what is left over and asked for nothing of it.
  const isLeft = others.some(({ isNewer }) => isNewer && services.length > 0);
  if (updates.length === 0) {
    if (json) printJson(updateAnswerSchema, { updates: [], stays: others, written: [] });
    else print(updateText(updates, others, now));
    return isLeft ? 1 : 0;
  }
  note(updateText(updates, others, now));
  if (!yes && !(await confirmed("Write this? [y/N] "))) return 1;
  const written = await writeUpdates(project.programFolder, updates);
  if (json)
    printJson(updateAnswerSchema, { updates: updates.map(answerOf), stays: others, written });
  else print(nextText(updates, written, project.programFolder));
  return isLeft ? 1 : 0;
}

/** An update as programs read it: which files name it, they hear of as what was written. */
function answerOf({
  files: _files,
  lockFiles: _lockFiles,
  ...update
}: ImageUpdate): Omit<ImageUpdate, "files" | "lockFiles"> {
  return update;
}
