// The shared base has more programs than any original. An image that says what its original has
// hides the others, so that a check by a program that is not there fails here as it does there.
import type { PathEntry } from "./path-entry.ts";

/** Programs of the base that a health check or a script may call, and where the base has them. */
const PLACES = {
  sh: ["/usr/bin/sh", "/usr/bin/dash"],
  bash: ["/usr/bin/bash"],
  curl: ["/usr/bin/curl"],
  wget: ["/usr/bin/wget"],
  nc: ["/usr/bin/nc", "/usr/bin/nc.openbsd"],
  python: ["/usr/bin/python", "/usr/bin/python3", "/usr/bin/python3.11"],
  dig: ["/usr/bin/dig"],
  drill: ["/usr/bin/drill"],
} as const;

/** One of them. */
export type CheckProgram = keyof typeof PLACES;

/** What Alpine's busybox brings. */
export const ALPINE: readonly CheckProgram[] = ["sh", "wget", "nc"];
/** What the smallest Debian has. */
export const DEBIAN: readonly CheckProgram[] = ["sh", "bash"];

/** Marks of an image's layer that hide the programs its original does not have. */
export function hidden(has: readonly CheckProgram[]): PathEntry[] {
  return Object.entries(PLACES)
    .filter(([name]) => !has.some((kept) => kept === name))
    .flatMap(([, places]) => places)
    .map((place) => {
      const at = place.lastIndexOf("/") + 1;
      const path = `${place.slice(0, at)}.wh.${place.slice(at)}`;
      return { kind: "file", path, content: { text: "" }, mode: 0o600 };
    });
}
