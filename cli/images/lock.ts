import { rename, writeFile } from "node:fs/promises";
import { counted } from "../../model/counted.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import { note, print, printJson } from "../output.ts";
import {
  declarationsOf,
  lockPathOf,
  openProject,
  readLock,
  type Project,
} from "../../workspace/project.ts";
import { dockerCredentials } from "./credentials.ts";
import { registryClient } from "./registry.ts";

/** Registries limit who asks too much at once. */
const AT_ONCE = 4;

/** What happened to one lock file. */
interface LockResult {
  readonly file: string;
  readonly learnt: readonly string[];
  readonly changed: readonly string[];
  readonly failed: readonly { readonly image: string; readonly problem: string }[];
}

/** Learns digests and writes them; what was learnt stays, also when others failed. */
export async function lockImages(options: {
  readonly update: boolean;
  readonly json: boolean;
}): Promise<number> {
  const project = await openProject();
  const files = imagesByLockFile(project, declarationsOf(project));
  const ask = registryClient(await dockerCredentials());
  const results: LockResult[] = [];
  for (const [file, images] of files) {
    results.push(await fillLock(file, images, options.update, ask));
  }
  if (options.json) printJson(results);
  else print(results.map(resultText).join("\n"));
  return results.some(({ failed }) => failed.length > 0) ? 1 : 0;
}

/** The images of each lock file that a stack names, sorted, so that the file reads well. */
export function imagesByLockFile(
  project: Project,
  hosts: readonly HostDeclaration[],
): Map<string, string[]> {
  const files = new Map<string, Set<string>>();
  for (const { host, services, machine } of hosts) {
    const file = lockPathOf(project, host);
    const images = files.get(file) ?? new Set();
    services.forEach((service) => images.add(service.image));
    if (machine) images.add(machine.meshClient);
    files.set(file, images);
  }
  return new Map([...files].map(([file, images]) => [file, [...images].sort()]));
}

async function fillLock(
  file: string,
  images: readonly string[],
  update: boolean,
  ask: ReturnType<typeof registryClient>,
): Promise<LockResult> {
  const before = await readLock(file);
  const wanted = images.filter((image) => update || !Object.hasOwn(before.images, image));
  const learnt: string[] = [];
  const failed: { image: string; problem: string }[] = [];
  let lock = before;
  let done = 0;
  if (wanted.length === 0) return { file, learnt, changed: [], failed };
  await eachOf(wanted, AT_ONCE, async (image) => {
    const answer = await ask(image);
    done += 1;
    const progress = `${done}/${wanted.length} ${image}`;
    if ("problem" in answer) {
      failed.push({ image, problem: answer.problem });
      note(`${progress}: ${answer.problem}`);
      return;
    }
    learnt.push(image);
    note(progress);
    lock = { ...lock, images: { ...lock.images, [image]: answer.digest } };
  });
  if (learnt.length > 0) await writeLock(file, lock);
  const changed = learnt.filter((image) => {
    const known = before.images[image];
    return known !== undefined && known !== lock.images[image];
  });
  return { file, learnt: learnt.sort(), changed: changed.sort(), failed };
}

/** Runs an action on every item, so many at once. */
async function eachOf<T>(
  items: readonly T[],
  atOnce: number,
  action: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await action(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Entries of other versions stay: going back to an older commit needs them. */
async function writeLock(file: string, lock: ImageLock): Promise<void> {
  const images = Object.fromEntries(
    Object.entries(lock.images).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  await writeFile(`${file}.new`, `${JSON.stringify({ version: 1, images }, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
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
