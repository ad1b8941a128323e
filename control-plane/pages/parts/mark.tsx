import type { VNode } from "preact";
import type { Condition, Tone } from "../view/tone.ts";

const SHAPES: Readonly<Record<Tone, VNode>> = {
  good: <circle cx="8" cy="8" r="5" fill="currentColor" />,
  busy: (
    <>
      <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" stroke-width="2" />
      <path d="M8 3a5 5 0 0 1 0 10z" fill="currentColor" />
    </>
  ),
  bad: <path d="M8 1.8 14.6 13.6H1.4z" fill="currentColor" />,
  idle: <circle cx="8" cy="8" r="4.5" fill="none" stroke="currentColor" stroke-width="2" />,
  unknown: (
    <path
      d="M8 2.5 13.5 8 8 13.5 2.5 8z"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-dasharray="2.6 1.6"
    />
  ),
};

/** The shape of a tone. The word for it stands beside it. */
export function Mark({ tone }: { readonly tone: Tone }): VNode {
  return (
    <svg class={`mark tone-${tone}`} viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      {SHAPES[tone]}
    </svg>
  );
}

/** A tone as shape and word. */
export function Said({ tone, word }: Condition): VNode {
  return (
    <span class={`said tone-${tone}`}>
      <Mark tone={tone} />
      <span>{word}</span>
    </span>
  );
}
