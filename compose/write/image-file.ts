import type { Draft } from "../translate/draft.ts";
import { folderOf } from "../translate/draft.ts";
import { commentLines, textOf } from "./code.ts";
import { importLines } from "./import-lines.ts";

/** The contracts of the images that the catalogue has none of; undefined when it has all. */
export function imageFile(draft: Draft): string | undefined {
  const written = draft.images.filter(({ entry }) => entry === undefined);
  if (written.length === 0) return undefined;
  const imports = importLines(
    [{ module: "model/image-contract.ts", names: ["nothingRead", "type ImageContract"] }],
    folderOf(draft),
  );
  const contracts = written.map(({ constant, reference, contract, repository, notes }) => {
    const marks = notes.map((note) => commentLines(note, "")).join("");
    const call = `nothingRead(${textOf(reference)}, ${textOf(contract.secrets)})`;
    return (
      `/** ${repository}: what it asks is in its Dockerfile and its start script. */\n${marks}` +
      `export const ${constant}: ImageContract = ${call};\n`
    );
  });
  return `${imports}\n${contracts.join("\n")}`;
}
