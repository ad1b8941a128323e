// Which images of a host may go. Whatever is in doubt stays.
import { digestIn, fullName, repositoryOf } from "../../model/image-name.ts";
import { isSameDeployment, receiptFile, type Receipt } from "../staged/receipt.ts";
import type { FoundImage, ImagesLook } from "./look.ts";

/** What the checkout says of a host. */
export interface DeclaredImages {
  /** Images of the host, each with its digest, e.g. "docker.io/library/redis:7@sha256:…". */
  readonly here: readonly string[];
  /** Images of all hosts: what is ours is known by its repository. */
  readonly anywhere: readonly string[];
}

/** How far a rollback reaches without a network, once this is done. */
export interface Reach {
  /** Deployments, the present one among them, that a rollback can tell apart. */
  readonly deployments: number;
  /** When the oldest of them began; null when there is none. */
  readonly since: string | null;
  /** An image that the one before lacks; null when there is none before. */
  readonly missing: string | null;
}

/** What may go from a host, and why not more. */
export interface PruneDecision {
  readonly remove: readonly FoundImage[];
  /** Images of ours that stay. */
  readonly kept: number;
  /** Images that nothing of ours ever named. */
  readonly foreign: readonly FoundImage[];
  readonly reach: Reach;
}

/**
 * Decides what may go: images of ours that no container was made from, stopped ones among them, that
 * is neither declared nor planned for the next boot, and that none of the last deployments needs.
 * @param keep so many deployments that differ in commit or plan
 * @returns what cannot be read and so keeps everything, in words
 */
export function decidePrune(
  look: ImagesLook,
  declared: DeclaredImages,
  keep: number,
): PruneDecision | { readonly unsure: string } {
  const { images, planned } = look;
  if (planned === undefined) {
    return { unsure: "the plan that the next boot starts from cannot be read" };
  }
  const deployments = distinct(look.receipts.receipts);
  const last = deployments.slice(0, keep);
  const torn = tornAmong(look, last, keep);
  if (torn !== undefined) {
    return { unsure: `${torn} is no receipt, and may be of a deployment that is to be kept` };
  }
  const needed = [...declared.here, ...planned, ...last.flatMap(imagesOf)];
  const everNamed = [...declared.anywhere, ...planned, ...look.receipts.receipts.flatMap(imagesOf)];
  const ours = new Set(everNamed.map((name) => repositoryOf(fullName(name))));
  const isOurs = ({ names }: FoundImage): boolean =>
    names.length > 0 && names.every((name) => ours.has(repositoryOf(fullName(name))));
  const used = usedOf(look);
  const isNeeded = (image: FoundImage): boolean =>
    used.has(image) || needed.some((name) => isNeededAs(image, name));
  const remove = images.filter((image) => isOurs(image) && !isNeeded(image));
  const left = images.filter((image) => !remove.includes(image));
  return {
    remove,
    kept: left.filter(isOurs).length,
    foreign: left.filter((image) => !isOurs(image)),
    reach: reachOf(deployments, left),
  };
}

/**
 * The images that containers were made from: by id and by name, as stores of images differ in what
 * an id is. Of a container whose image is not among them, every image of its repository counts.
 */
function usedOf({ uses, images }: ImagesLook): Set<FoundImage> {
  return new Set(
    uses.flatMap(({ id, name }) => {
      const found = images.filter((image) => image.id === id || isNamed(image, name));
      return found.length > 0 ? found : images.filter((image) => isOfRepository(image, name));
    }),
  );
}

/** Whether a name means an image: by its digest, where it has one, else as the engine says it. */
function isNamed(image: FoundImage, name: string): boolean {
  const digest = digestIn(name);
  if (digest !== undefined) {
    return image.id === digest || image.names.some((one) => digestIn(one) === digest);
  }
  return image.names.some((one) => fullName(one) === fullName(name));
}

function isOfRepository(image: FoundImage, name: string): boolean {
  const repository = repositoryOf(fullName(name));
  return image.names.some((one) => repositoryOf(fullName(one)) === repository);
}

/** An image that is needed, and of which nobody knows the digest, may be any of its repository. */
function isNeededAs(image: FoundImage, name: string): boolean {
  const isKnown = digestIn(name)?.startsWith("sha256:") === true;
  return isKnown ? isNamed(image, name) : isOfRepository(image, name);
}

function imagesOf({ services }: Receipt): string[] {
  return Object.values(services).map(({ image }) => image);
}

/** One for each deployment that differs from the one after it, newest first. */
function distinct(receipts: readonly Receipt[]): Receipt[] {
  // What was put back is that of an earlier one, and nobody goes back to a mixture.
  const whole = receipts.filter(({ putBack }) => putBack === undefined);
  return whole.filter((receipt, index) => {
    const newer = whole[index - 1];
    return newer === undefined || !isSameDeployment(receipt, newer);
  });
}

/** A file that is no receipt and younger than what is kept. */
function tornAmong(
  { receipts }: ImagesLook,
  last: readonly Receipt[],
  keep: number,
): string | undefined {
  const oldest = last.at(-1);
  const first = last.length < keep || oldest === undefined ? "" : receiptFile(oldest.began);
  return receipts.torn.find((name) => name >= first);
}

function reachOf(deployments: readonly Receipt[], left: readonly FoundImage[]): Reach {
  let since: string | null = null;
  for (const [index, deployment] of deployments.entries()) {
    const missing = imagesOf(deployment).find(
      (name) => !left.some((image) => isNeededAs(image, name)),
    );
    if (missing !== undefined) return { deployments: index, since, missing };
    since = deployment.began;
  }
  return { deployments: deployments.length, since, missing: null };
}
