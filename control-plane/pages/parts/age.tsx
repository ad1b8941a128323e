import type { VNode } from "preact";
import { ageOf, spanText } from "../view/ages.ts";
import { WORDS } from "../words.ts";
import { useNow } from "./context.ts";

/** How long ago something was; "never" for what never was. */
export function Age({ at, as = WORDS.ago }: AgeProps): VNode {
  const now = useNow();
  if (at === null) return <span>{WORDS.never}</span>;
  return (
    <time dateTime={at} title={at}>
      {as(spanText(ageOf(at, now)))}
    </time>
  );
}

interface AgeProps {
  /** In ISO 8601. */
  readonly at: string | null;
  /** The sentence around the span. @default "3 h ago" */
  readonly as?: (span: string) => string;
}

/** How long something still is good. */
export function Until({ at }: { readonly at: string }): VNode {
  const left = (Date.parse(at) - useNow()) / 1000;
  return (
    <time dateTime={at} title={at}>
      {left > 0 ? WORDS.inSpan(spanText(left)) : WORDS.expired}
    </time>
  );
}
