// The lock files that stacks name: which images belong into each, and writing them.
import type { HostDeclaration } from "../../model/declaration.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import { lockPathOf, readLock, type Project } from "../project.ts";
import { writeWhole } from "../whole-file.ts";
import { eachOf } from "./each-of.ts";
import type { RegistryClient } from "./registry.ts";

/** What happened to one lock file. */
export interface LockResult {
  readonly file: string;
  readonly learnt: readonly string[];
  readonly changed: readonly string[];
  readonly failed: readonly { readonly image: string; readonly problem: string }[];
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

/**
 * Learns the digests that a lock file lacks and writes them; what was learnt stays, also when others
 * failed.
 * @param update ask also for the images that have a digest
 * @param say told how far it is
 * @throws UserError HL-LOCK
 */
export async function fillLock(
  file: string,
  images: readonly string[],
  {
    update,
    registry,
    say,
  }: { update: boolean; registry: RegistryClient; say: (line: string) => void },
): Promise<LockResult> {
  const before = await readLock(file);
  const wanted = images.filter((image) => update || !Object.hasOwn(before.images, image));
  const learnt: string[] = [];
  const failed: { image: string; problem: string }[] = [];
  let lock = before;
  let done = 0;
  if (wanted.length === 0) return { file, learnt, changed: [], failed };
  await eachOf(wanted, async (image) => {
    const answer = await registry.digest(image);
    done += 1;
    const progress = `${done}/${wanted.length} ${image}`;
    if ("problem" in answer) {
      failed.push({ image, problem: answer.problem });
      say(`${progress}: ${answer.problem}`);
      return;
    }
    learnt.push(image);
    say(progress);
    lock = { ...lock, images: { ...lock.images, [image]: answer.digest } };
  });
  if (learnt.length > 0) await writeWhole(file, lockText(lock));
  const changed = learnt.filter((image) => {
    const known = before.images[image];
    return known !== undefined && known !== lock.images[image];
  });
  return { file, learnt: learnt.sort(), changed: changed.sort(), failed };
}

/** Text of a lock file. Entries of other versions stay: going back to an older commit needs them. */
export function lockText(lock: ImageLock): string {
  const images = Object.fromEntries(
    Object.entries(lock.images).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return `${JSON.stringify({ version: 1, images }, undefined, 2)}\n`;
}
