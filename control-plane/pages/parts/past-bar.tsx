import type { VNode } from "preact";
import { momentText } from "../view/ages.ts";
import { WORDS } from "../words.ts";
import { Mark } from "./mark.tsx";

const SAYS = WORDS.past;

/** Says all the time that what is shown is past, and leads back. */
export function PastBar({ at, back }: PastBarProps): VNode {
  return (
    <div class="banner past" role="status">
      <Mark tone="unknown" />
      <span>
        <strong>{SAYS.viewing(momentText(at))}</strong> {SAYS.says}
      </span>
      <button type="button" onClick={back} data-live>
        {SAYS.back} <kbd>{SAYS.key}</kbd>
      </button>
    </div>
  );
}

interface PastBarProps {
  /** The moment, in ISO 8601. */
  readonly at: string;
  readonly back: () => void;
}
