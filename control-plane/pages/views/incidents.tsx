import type { VNode } from "preact";
import type { Incident } from "../../contract/supervisor-state.ts";
import { Age } from "../parts/age.tsx";
import { useShown } from "../parts/context.ts";
import { useHeld } from "../parts/held.tsx";
import { Mark } from "../parts/mark.tsx";
import { NodeLink } from "../parts/node-link.tsx";
import { plain } from "../view/plain.ts";
import { titleOf } from "../view/action-queue.ts";
import { hrefOf } from "../view/route.ts";
import { hasCompared } from "../view/verdict.ts";
import { WORDS } from "../words.ts";

/** The view of the incidents. */
export function Incidents(): VNode {
  return (
    <>
      <h1>{WORDS.view.incidents}</h1>
      <IncidentList level="h2" />
    </>
  );
}

/** Each cause, the longest first. */
export function IncidentList({ level: Heading }: { readonly level: "h2" | "h3" }): VNode {
  const { state, knowledge } = useShown();
  const sorted = [...state.incidents].sort((a, b) => a.since.localeCompare(b.since));
  const items = sorted.map((incident) => ({ id: incident.cause, incident }));
  const { rows, hold, more } = useHeld(items, "incidents");
  if (rows.length === 0) {
    return (
      <p class="empty">
        {WORDS.noIncident} {knowledge.old === null && hasCompared(state) ? WORDS.noIncidents : ""}{" "}
        {WORDS.lastChecked} <Age at={state.supervisor.at} />.
      </p>
    );
  }
  return (
    <div class="incidents" {...hold}>
      {more}
      {rows.map(({ item, isGone }) => (
        <IncidentCard key={item.id} incident={item.incident} isGone={isGone} level={Heading} />
      ))}
    </div>
  );
}

function IncidentCard({
  incident: { cause, detail, since, affected, action, withheld, flapping },
  isGone,
  level: Heading,
}: {
  readonly incident: Incident;
  readonly isGone: boolean;
  readonly level: "h2" | "h3";
}): VNode {
  const { state, knowledge } = useShown();
  const remedy = state.actions.find(({ id }) => id === action);
  const tone = knowledge.old === null ? "bad" : "unknown";
  return (
    <article class={isGone ? "card gone" : "card"} aria-label={plain(cause)}>
      <Heading data-row tabIndex={-1}>
        <Mark tone={tone} /> <NodeLink id={cause} /> <span class="detail">{plain(detail)}</span>{" "}
        <Age at={since} as={WORDS.forSpan} />
      </Heading>
      {isGone ? <p class="quiet">{WORDS.gone}</p> : null}
      {flapping ? <p>{WORDS.flapping}</p> : null}
      {remedy ? (
        <p>
          {WORDS.remedy}: <a href={hrefOf("overview")}>{plain(titleOf(remedy))}</a>,{" "}
          {WORDS.action[remedy.state]}
        </p>
      ) : (
        <p>{withheld === null ? WORDS.noRemedy : WORDS.withheld(plain(withheld))}</p>
      )}
      {affected.length === 0 ? null : (
        <details>
          <summary>{WORDS.affected(affected.length)}</summary>
          <ul class="names">
            {affected.map((id) => (
              <li key={id}>
                <NodeLink id={id} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </article>
  );
}
