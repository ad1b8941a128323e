import * as z from "zod";
import { UserError } from "./errors.ts";

/** The parts of a full image reference. */
export interface ImageReference {
  /** Registry and repository, e.g. "docker.io/library/postgres". */
  readonly repository: string;
  readonly tag: string;
}

const PATTERN =
  /^([a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+):([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/;

/** Tags that move: what runs would depend on the day it was pulled. */
const FLOATING = new Set(["latest", "stable", "edge", "nightly", "main", "master", "release"]);

/** The parts of a reference written in full, or what is wrong with it. */
export function parseImageReference(text: string): ImageReference | { readonly problem: string } {
  const match = PATTERN.exec(text);
  if (!match) {
    return {
      problem: `"${text}" is not registry/repository:tag in full (e.g. docker.io/library/redis:7-alpine)`,
    };
  }
  const [, repository = "", tag = ""] = match;
  if (FLOATING.has(tag)) {
    return { problem: `tag "${tag}" of "${text}" floats; name a version` };
  }
  return { repository, tag };
}

/**
 * Whether a contract is about an image. Most name one reference in full. A household keeps
 * its own images where it likes and under tags of its own: "*\/javya-backend:*" is about that image
 * in any registry and of any version.
 */
export function isAbout(entry: string, image: string): boolean {
  if (!isAnywhere(entry)) return entry === image;
  const name = entry.slice("*".length, -"*".length);
  const parsed = parseImageReference(image);
  return "repository" in parsed && `${parsed.repository}:`.endsWith(name);
}

/** Whether a contract is about an image in any registry. */
export function isAnywhere(entry: string): boolean {
  return entry.startsWith("*/");
}

const lockSchema = z.strictObject({
  version: z.literal(1),
  images: z.record(z.string(), z.string().regex(/^sha256:[0-9a-f]{64}$/)),
});

/** Digests by image reference, as `homelab images lock` writes them. */
export type ImageLock = z.infer<typeof lockSchema>;

/**
 * Reads an image lock file.
 * @throws UserError HL-LOCK with the path of each mistake
 */
export function parseImageLock(text: string, where: string): ImageLock {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(
      "HL-LOCK",
      `${where} is not JSON; \`npx homelab images lock\` writes it anew`,
    );
  }
  const result = lockSchema.safeParse(value);
  if (result.success) return result.data;
  const list = result.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new UserError("HL-LOCK", `${where} is not an image lock file:\n${list.join("\n")}`);
}

/** The reference a container is created from: exact bytes, with the tag kept for the reader. */
export function pinned(image: string, digest: string): string {
  return `${image}@${digest}`;
}

/**
 * The name of an image's resource in a stack, as versions before 2026-11-27 make one for each: its
 * reference without the registry.
 */
export function imageResourceName(image: string): string {
  return image.replace(/^[^/]+\//, "");
}
