import type { VNode } from "preact";
import { Said } from "../parts/mark.tsx";
import { TONES_IN_ORDER } from "../view/service-rows.ts";
import { VIEWS } from "../view/route.ts";
import { WORDS } from "../words.ts";

/** What each view shows, and how to use it. */
export function Help(): VNode {
  return (
    <div class="help">
      <h1>{WORDS.view.help}</h1>
      <p>{WORDS.helpSays}</p>
      {VIEWS.filter((view) => WORDS.help[view].length > 0).map((view) => (
        <section key={view} aria-labelledby={`help-${view}`}>
          <h2 id={`help-${view}`}>{WORDS.view[view]}</h2>
          <dl>
            {WORDS.help[view].map(({ asks, says }) => (
              <div key={asks}>
                <dt>{asks}</dt>
                <dd>{says}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <section aria-labelledby="help-marks">
        <h2 id="help-marks">{WORDS.marksTitle}</h2>
        <ul class="counts">
          {TONES_IN_ORDER.map((tone) => (
            <li key={tone}>
              <Said tone={tone} word={WORDS.tone[tone]} />
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="help-keys">
        <h2 id="help-keys">{WORDS.keysTitle}</h2>
        <dl class="facts keys">
          {WORDS.keys.map(([key, says]) => (
            <>
              <dt key={key}>
                <kbd>{key}</kbd>
              </dt>
              <dd key={says}>{says}</dd>
            </>
          ))}
        </dl>
      </section>
    </div>
  );
}
