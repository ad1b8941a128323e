import { counted } from "../../model/counted.ts";
import { dockerCredentials } from "../../workspace/images/credentials.ts";
import { fillLock, imagesByLockFile, type LockResult } from "../../workspace/images/lock-file.ts";
import { registryClient } from "../../workspace/images/registry.ts";
import { declarationsOf, openProject } from "../../workspace/project.ts";
import { note, print, printJson } from "../output.ts";
import { lockAnswerSchema } from "./lock-answer.ts";

/** Learns digests and writes them; what was learnt stays, also when others failed. */
export async function lockImages(options: {
  readonly update: boolean;
  readonly json: boolean;
}): Promise<number> {
  const project = await openProject();
  const files = imagesByLockFile(project, declarationsOf(project));
  const registry = registryClient(await dockerCredentials());
  const results: LockResult[] = [];
  for (const [file, images] of files) {
    results.push(await fillLock(file, images, { update: options.update, registry, say: note }));
  }
  if (options.json) printJson(lockAnswerSchema, results);
  else print(results.map(resultText).join("\n"));
  return results.some(({ failed }) => failed.length > 0) ? 1 : 0;
}

function resultText(result: LockResult): string {
  const lines = [
    `${result.file}: ${counted(result.learnt.length, "digest")} learnt, ${result.changed.length} of them new for a known image.`,
    ...result.changed.map((image) => `  new digest: ${image}`),
  ];
  if (result.failed.length > 0) {
    lines.push(
      `${counted(result.failed.length, "image")} could not be asked for; run it again to ask for these alone:`,
      ...result.failed.map(({ image, problem }) => `  ${image}: ${problem}`),
    );
  }
  return lines.join("\n");
}
