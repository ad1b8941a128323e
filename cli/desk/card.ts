// An action as a person decides about it.
import { commandAtDesk } from "../../control-plane/contract/at-desk.ts";
import type { Action } from "../../control-plane/contract/actions.ts";
import { ageSeconds } from "../../control-plane/contract/world.ts";
import { visible } from "../../control-plane/contract/visible.ts";
import { spanText } from "../../deploy/times.ts";

/** Letters of an id or a hash that are shown. */
const SHORT = 12;

/** An id or a hash, as far as a person compares it. */
export function short(text: string): string {
  return text.slice(0, SHORT);
}

/** "restart jellyfin on nas". */
export function titleOf({ binding: { verb, target, host } }: Action): string {
  return visible(`${verb} ${target} on ${host}`);
}

/** A card: one line for each thing that it says. @param now milliseconds since 1970 */
export function cardText(action: Action, now: number): string {
  const { id, binding, hash, state, since, reason, rootCause, evidence, risk } = action;
  const { blastRadius, reversibility, proposedAt, expires, decision, outcome } = action;
  const age = (at: string): string => spanText(ageSeconds(at, now));
  const left = (Date.parse(expires) - now) / 1000;
  const said = decision?.reason ? `${decision.by}: ${decision.reason}` : (decision?.by ?? null);
  const rows: (readonly [string, string | null])[] = [
    ["why", reason],
    ["root cause", rootCause],
    ...evidence.map(({ fact, at }) => ["seen", `${fact} (${age(at)} ago)`] as const),
    ["restarts", listed(blastRadius.restarts)],
    ["degrades", listed(blastRadius.degrades)],
    ["data", listed(blastRadius.data)],
    ["risk", risk],
    ["to undo", `${reversibility.kind}: ${reversibility.how}`],
    ["commit", binding.commit],
    ["images", binding.digests.length === 0 ? null : binding.digests.join(" ")],
    ["proposed", `${age(proposedAt)} ago`],
    ["expires", left > 0 ? `in ${spanText(left)}` : `it expired at ${expires}`],
    ["hash", short(hash)],
    ["decided by", said],
    ["outcome", outcome],
    ["do it", state === "pending" ? commandFor(action) : null],
  ];
  const lines = rows.flatMap(([name, text]) => {
    return text === null ? [] : [`  ${name.padEnd(10)}  ${visible(text)}`];
  });
  return `${[`${short(id)}  ${titleOf(action)}: ${state} for ${age(since)}`, ...lines].join("\n")}\n`;
}

/** What a person types to have it done. */
export function commandFor({ id, binding }: Action): string {
  return commandAtDesk(binding) ?? `npx homelab approve ${short(id)}`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "nothing" : names.join(", ");
}
