import { STAND_IN } from "./stand-in.ts";

/** One path that an image adds to the base. Owner is root unless said. */
export type PathEntry =
  | {
      readonly kind: "folder";
      readonly path: string;
      readonly mode?: number;
      readonly uid?: number;
      readonly gid?: number;
    }
  | {
      readonly kind: "file";
      readonly path: string;
      /** Text of the file, or the name of a file in sandbox/images/files. */
      readonly content: { readonly text: string } | { readonly from: string };
      readonly mode?: number;
      readonly uid?: number;
      readonly gid?: number;
    }
  | { readonly kind: "link"; readonly path: string; readonly target: string };

/** A folder of the image. */
export function folder(path: string, uid = 0, gid = 0, mode = 0o755): PathEntry {
  return { kind: "folder", path, uid, gid, mode };
}

/** A file of the image with the given text. */
export function textFile(path: string, text: string, mode = 0o644): PathEntry {
  return { kind: "file", path, content: { text }, mode };
}

/** An executable of the image, from sandbox/images/files. */
export function script(path: string, from: string): PathEntry {
  return { kind: "file", path, content: { from }, mode: 0o755 };
}

/** A symbolic link of the image. */
export function link(path: string, target: string): PathEntry {
  return { kind: "link", path, target };
}

/** Names under which the stand-in answers a health check that is a line of Python. */
export const PYTHON: readonly PathEntry[] = ["python", "python3"].map((name) =>
  link(`/usr/local/bin/${name}`, STAND_IN),
);
