import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { readPast } from "../feed/api.ts";
import { useShown } from "../parts/context.ts";
import { momentText } from "../view/ages.ts";
import { minutesAfter, minutesBetween } from "../view/past.ts";
import { WORDS } from "../words.ts";

const SAYS = WORDS.past;

interface Reach {
  /** Null for a log with nothing in it. */
  readonly from: string | null;
  readonly to: string;
}

/** Chooses a moment that is past. */
export function Replay(): VNode | null {
  const { past, show } = useShown().replay;
  const [reach, setReach] = useState<Reach | null>(null);
  const [isGone, setGone] = useState(false);
  useEffect(() => {
    readPast().then(setReach, () => setReach(null));
  }, []);
  if (reach === null) return null;
  const { from, to } = reach;
  if (from === null) return <p class="quiet">{SAYS.none}</p>;
  const at = past?.at ?? to;
  const go = (minutes: number): void => {
    const last = minutesBetween(from, to);
    // The end of the log is a moment too, and its beginning is one that is kept.
    const moment = minutes >= last ? to : minutesAfter(from, minutes);
    show(moment).then(
      (found) => setGone(!found),
      () => setGone(true),
    );
  };
  return (
    <div class="tools replay">
      <label class="field">
        <span>{SAYS.slider}</span>
        <input
          type="range"
          min={0}
          max={minutesBetween(from, to)}
          step={1}
          value={minutesBetween(from, at)}
          aria-valuetext={momentText(at)}
          onChange={({ currentTarget }) => go(Number(currentTarget.value))}
        />
      </label>
      <p class="quiet">
        {momentText(at)}. {SAYS.goesBack} {momentText(from)}. {isGone ? SAYS.gone : ""}
      </p>
    </div>
  );
}

/** In place of a view that a past moment has nothing for. */
export function NotKept(): VNode {
  return (
    <>
      <h1>{WORDS.view[useShown().route.view]}</h1>
      <p class="empty">
        {SAYS.notKept} {SAYS.open}
      </p>
    </>
  );
}
