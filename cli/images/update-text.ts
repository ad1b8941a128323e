import { relative } from "node:path";
import type { DataChange } from "../../workspace/images/data-change.ts";
import { partsOf } from "../../workspace/images/look-up.ts";
import type { ImageUpdate, NotUpdated } from "../../workspace/images/update.ts";
import { candidateText } from "./outdated-text.ts";

/** What becomes of data, for a person. */
const DATA_WORDS: Readonly<Record<DataChange, string | undefined>> = {
  none: undefined,
  "one-way":
    "one way: an older version does not open its data afterwards. A copy is made before; going back puts that back (docs/guides/going-back.md)",
  back: "back: an older version does not open what a newer one wrote. `pulumi up` refuses until the copy from before is put back (docs/guides/going-back.md)",
  closed:
    "neither version opens the other's data: `npx homelab database convert` brings it over before `pulumi up` (docs/guides/going-back.md)",
};

/** What images are to become, and why others stay. */
export function updateText(
  updates: readonly ImageUpdate[],
  others: readonly NotUpdated[],
  now: Date,
): string {
  const newer = others.filter(({ isNewer }) => isNewer);
  const rest = others.length - newer.length;
  const lines = [...updates.flatMap((update) => linesOf(update, now)), ...newer.flatMap(stayLines)];
  if (rest > 0) lines.push(`Nothing is newer than ${rest === 1 ? "one image" : `${rest} images`}.`);
  return `${lines.join("\n")}\n`;
}

function linesOf(
  { from, to, digest, created, services, data, releases }: ImageUpdate,
  now: Date,
): string[] {
  const { repository, tag } = partsOf(from);
  const found = { tag: partsOf(to).tag, created, ready: true, readyAt: created };
  const same = from === to ? ", other bytes" : "";
  const words = DATA_WORDS[data];
  return [
    `${repository}: ${tag} -> ${candidateText(found, now)}${same}, ${digest.slice(0, 19)}`,
    `  of: ${services.join(", ")}`,
    ...(words === undefined ? [] : [`  data: ${words}`]),
    ...releases.map((page) => `  what is new: ${page}`),
  ];
}

function stayLines({ image, why, byHand }: NotUpdated): string[] {
  return [
    `${image} stays: ${why}`,
    ...byHand.map(({ file, line, text }) => `  ${file}:${line}: ${text}`),
  ];
}

/** What was written, and what a person does next. */
export function nextText(
  updates: readonly ImageUpdate[],
  written: readonly string[],
  folder: string,
): string {
  const lines = written.map((path) => {
    const inside = relative(folder, path);
    return `written: ${inside.startsWith("..") ? path : inside}`;
  });
  if (updates.some(({ files }) => files.length > 0)) {
    lines.push(
      "The contract still says what was read of the version before: read what changed, and correct it.",
      "-> npx vitest run --project unit test/model/conformance.test.ts test/model/memory.test.ts -u",
    );
  }
  lines.push("-> npx homelab validate", "-> npx homelab deploy");
  return `${lines.join("\n")}\n`;
}
