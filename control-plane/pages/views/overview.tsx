import type { VNode } from "preact";
import { Age } from "../parts/age.tsx";
import { useShown } from "../parts/context.ts";
import { Mark, Said } from "../parts/mark.tsx";
import { NodeLink } from "../parts/node-link.tsx";
import { plain } from "../view/plain.ts";
import { hrefOf } from "../view/route.ts";
import { countsOf, TONES_IN_ORDER, wantedOf } from "../view/service-rows.ts";
import { verdictOf } from "../view/verdict.ts";
import { WORDS } from "../words.ts";
import { HostCards } from "./hosts.tsx";
import { IncidentList } from "./incidents.tsx";
import { Queue } from "./queue.tsx";

/** Services that are named on the first page; the others are counted. */
const MOST_NAMED = 8;

/** How everything is, what waits, the hosts, and what is not well. */
export function Overview(): VNode {
  const { state, nodes, knowledge } = useShown();
  const { tone, sentence } = verdictOf(state, nodes.all, knowledge);
  return (
    <>
      <section class={`verdict tone-${tone}`} aria-label={WORDS.view.overview}>
        <Mark tone={tone} />
        <h1>{sentence}.</h1>
      </section>
      <Doubts />
      <Queue />
      {state.incidents.length > 0 ? (
        <section aria-labelledby="incidents">
          <h2 id="incidents">{WORDS.view.incidents}</h2>
          <IncidentList level="h3" />
        </section>
      ) : null}
      <section aria-labelledby="hosts">
        <h2 id="hosts">{WORDS.hosts}</h2>
        <HostCards level="h3" />
      </section>
      <section aria-labelledby="services">
        <h2 id="services">{WORDS.view.services}</h2>
        <Counts />
        <NotWell />
      </section>
    </>
  );
}

/** What makes all of it less sure. */
function Doubts(): VNode | null {
  const { supervisor, observer, summary } = useShown().state;
  const all = [
    ...(supervisor.at === null ? [WORDS.supervisorNever] : []),
    ...(supervisor.blind === null ? [] : [WORDS.blind(supervisor.blind)]),
    ...(observer?.writable === false
      ? [WORDS.notWritable(observer.problem ?? WORDS.diskRefuses)]
      : []),
    ...(summary.unreadable > 0 ? [WORDS.unreadable(summary.unreadable)] : []),
  ];
  if (all.length === 0) return null;
  return (
    <ul class="doubts">
      {all.map((text) => (
        <li key={text}>
          <Said tone="unknown" word={plain(text)} />
        </li>
      ))}
    </ul>
  );
}

/** How many services are how; each count leads to them. */
export function Counts(): VNode {
  const counts = countsOf(useShown().nodes.all);
  return (
    <ul class="counts">
      {TONES_IN_ORDER.filter((tone) => counts[tone] > 0).map((tone) => (
        <li key={tone}>
          <a href={hrefOf("services", "", { state: tone })} class={`tone-${tone}`}>
            <Mark tone={tone} />
            <b>{counts[tone]}</b> <span>{WORDS.tone[tone]}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function NotWell(): VNode | null {
  const { nodes } = useShown();
  const sick = wantedOf(nodes.all, { text: "", host: "", tone: "bad" }).slice(0, MOST_NAMED);
  if (sick.length === 0) return null;
  return (
    <ul class="plain" aria-label={WORDS.attention}>
      {sick.map(({ id, tone, word, since }) => (
        <li key={id}>
          <NodeLink id={id} /> <Said tone={tone} word={word} />{" "}
          <Age at={since} as={WORDS.forSpan} />
        </li>
      ))}
    </ul>
  );
}
