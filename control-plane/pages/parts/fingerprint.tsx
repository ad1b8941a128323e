import type { VNode } from "preact";
import { plain } from "../view/plain.ts";

/** Letters that are shown; two that differ do so in the first ones. */
const SHORT = 12;

/** A commit, a digest or a fingerprint by its beginning; whole in its title. */
export function Fingerprint({ text }: { readonly text: string }): VNode {
  return <code title={plain(text)}>{plain(text.replace(/^sha256:/, "").slice(0, SHORT))}</code>;
}
