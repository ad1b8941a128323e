import { titleOf, type Draft } from "../translate/draft.ts";
import { codeOf } from "./code.ts";

/** The texts of an app's configuration files; undefined when it has none. */
export function textsFile({ texts, type }: Draft): string | undefined {
  if (texts.length === 0) return undefined;
  const constants = texts.map(
    ([constant, text]) => `export const ${constant} = ${codeOf(text, "", constant.length + 16)};\n`,
  );
  return `/** Files of ${titleOf(type)}, as they stood beside its Compose file. */\n\n${constants.join("\n")}`;
}
