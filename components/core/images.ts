import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { pullMissingScript } from "../../hosts/images/pull-script.ts";
import { PULL_RECORD, type ImagesSeen } from "../../hosts/images/image-look.ts";
import { runScript } from "../../hosts/ssh.ts";
import { repositoryOf } from "../../model/image-name.ts";
import { quote } from "../../model/shell-text.ts";
import { writeToken } from "./host-files.ts";
import { scriptCommand, scriptReference } from "./script-command.ts";

/** Name of the one step that brings a host's images. */
export const PULL_STEP = "images";

/** Arguments of pullImages. */
export interface PullImagesArgs {
  /** ssh alias of the host. */
  readonly alias: string;
  /** All images of the host, with their digests, by reference. */
  readonly images: ReadonlyMap<string, string>;
  readonly seen: ImagesSeen;
}

/** The images of a host on their way. */
export interface PulledImages {
  /** Done when each image is there or cannot be had; what containers wait for. */
  readonly pulled: command.local.Command;
  /** References that the host lacked when it was looked at. */
  readonly missing: readonly string[];
  /** Of these, those that could not be had, with the engine's words. Unknown in a preview. */
  readonly failed: pulumi.Output<ReadonlyMap<string, string>>;
}

/**
 * Has a host pull all that it lacks, side by side, before its first container is touched, whenever
 * something is missing. It never fails for an image that cannot be had: who needs that one is held
 * back by name, and the rest of the host goes on.
 */
export function pullImages(
  name: string,
  { alias, images, seen }: PullImagesArgs,
  opts: pulumi.CustomResourceOptions,
): PulledImages {
  const there = new Set(seen.digests);
  const missing = [...images].flatMap(([reference, digest]) =>
    there.has(digest) ? [] : [reference],
  );
  const token = writeToken(missing.length === 0 ? seen.token : undefined);
  const step = { run: runScript(alias), script: pullStepScript(images, token) };
  const pulled = scriptCommand(name, step, opts);
  const failed = pulumi.all([pulled.stdin, pulled.stdout]).apply(([stdin, stdout]) =>
    // With `--target` for others it is as an earlier deployment ended it.
    failedIn(stdin === scriptReference(name, step) ? stdout : "", images),
  );
  return { pulled, missing, failed };
}

/**
 * The script of the step. Where the host cannot run it, each container has its image pulled when it is
 * made, as the engine does anyway.
 */
export function pullStepScript(images: PullImagesArgs["images"], token: string): string {
  const wanted = [...images].sort(([a], [b]) => (a < b ? -1 : 1));
  const pull = pullMissingScript(
    wanted.map(([reference, digest]) => ({ name: repositoryOf(reference), digest, auth: null })),
  );
  const folder = quote(PULL_RECORD.replace(/\/[^/]*$/, ""));
  return `pull() {
${pull}}
pull || echo 'images were not pulled ahead; each container has its own pulled' >&2
note() {
  mkdir -p ${folder} && echo ${quote(token)} > ${PULL_RECORD}.new && mv ${PULL_RECORD}.new ${PULL_RECORD}
}
note || echo 'it cannot be noted in ${PULL_RECORD} that images were pulled; the next deployment looks again' >&2
`;
}

/** What could not be had, by reference, in what the script printed. */
function failedIn(
  stdout: string | undefined,
  images: PullImagesArgs["images"],
): ReadonlyMap<string, string> {
  const why = new Map(
    (stdout ?? "").split("\n").flatMap((line): [string, string][] => {
      const [, digest, words] = /^failed (sha256:\S+) (.*)$/.exec(line) ?? [];
      return digest === undefined ? [] : [[digest, words ?? ""]];
    }),
  );
  return new Map(
    [...images].flatMap(([reference, digest]) => {
      const words = why.get(digest);
      return words === undefined ? [] : [[reference, words] as const];
    }),
  );
}
