import type { ChainLink, WhyAnswer } from "../../deploy/why/answer.ts";
import { counted } from "../../model/counted.ts";
import { differencesTable } from "../drift/text.ts";
import { cell, table } from "../table.ts";

/** The answer for a person: verdict, the way to the causes, what differs, and what to type. */
export function whyText(answer: WhyAnswer): string {
  const { sentence, chain, causes, differences, holdsBack, next, service } = answer;
  const parts = [`${cell(sentence, Infinity)}.\n`];
  const { id, stack, phase, image } = service;
  parts.push(`${id}: stack ${stack}, phase ${phase}, image ${image}\n`);
  if (causes.length > 0) {
    parts.push(table(["", "what", "state", "needed by", "seen"], chain.map(chainCells)));
  }
  const remedies = causes.flatMap((cause) =>
    cause.remedy === null ? [] : [`${cause.id}: ${cause.remedy}\n`],
  );
  if (remedies.length > 0) parts.push(remedies.join(""));
  if (differences.length > 0) {
    const title = counted(differences.length, "difference");
    parts.push(`${title} from what is declared\n${differencesTable(differences)}`);
  }
  if (holdsBack.length > 0) {
    const names = holdsBack.map((held) => `${held.id} (${held.state})`).join(", ");
    parts.push(`holds back: ${names}\n`);
  }
  if (next !== null) parts.push(`-> ${cell(next, Infinity)}\n`);
  return parts.join("\n");
}

/** The whole of what was seen stands in the sentence for the first cause, and in the JSON. */
const LONGEST_SEEN = 100;

function chainCells({ id, state, neededBy, detail, output, strength, cause }: ChainLink): string[] {
  const soft = strength === "soft" ? " (can do without)" : "";
  const seen = output === null ? detail : `${detail}: "${output}"`;
  const by = neededBy.length === 0 ? "-" : `${neededBy.join(", ")}${soft}`;
  return [cause ? "cause" : "", id, state, by, cell(seen, LONGEST_SEEN)];
}
