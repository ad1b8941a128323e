import type { VNode } from "preact";
import { useShown } from "../parts/context.ts";
import { HostChoice } from "../parts/host-choice.tsx";
import { useMedia } from "../parts/use-media.ts";
import { hrefOf } from "../view/route.ts";
import { TONES_IN_ORDER, wantedOf } from "../view/service-rows.ts";
import type { Tone } from "../view/tone.ts";
import { WORDS } from "../words.ts";
import { GraphView } from "./graph.tsx";
import { ServicePanel } from "./service-panel.tsx";
import { ServiceTable } from "./service-table.tsx";

/** Below this a graph is too small to read; the list says the same. */
const PHONE = "(max-width: 640px)";

/** Services as a list or as a graph, and one of them beside it. */
export function Services(): VNode {
  const { nodes, route } = useShown();
  const isPhone = useMedia(PHONE);
  const { subject, query } = route;
  const asked = {
    as: query.get("as") ?? "",
    q: query.get("q") ?? "",
    host: query.get("host") ?? "",
    state: query.get("state") ?? "",
  };
  const go = (changed: Partial<typeof asked>): string =>
    hrefOf("services", subject, { ...asked, ...changed });
  const tone = TONES_IN_ORDER.find((each) => each === asked.state) ?? "";
  const wanted = wantedOf(nodes.all, { text: asked.q, host: asked.host, tone });
  const isGraph = asked.as === "graph" && !isPhone;
  return (
    <div class={subject === "" ? "services" : "services with-panel"}>
      <div class="main-part">
        <h1>{WORDS.view.services}</h1>
        <div class="tools">
          <label class="field search">
            <span>{WORDS.search}</span>
            <input
              type="search"
              id="search"
              value={asked.q}
              aria-label={WORDS.searchServices}
              autocomplete="off"
              spellcheck={false}
              onInput={({ currentTarget }) => location.replace(go({ q: currentTarget.value }))}
            />
          </label>
          <HostChoice host={asked.host} hrefFor={(host) => go({ host })} />
          <ToneChoice tone={tone} hrefFor={(state) => go({ state })} />
          {isPhone ? null : (
            <nav class="switch" aria-label={WORDS.shownAs}>
              <a href={go({ as: "" })} aria-current={isGraph ? undefined : "true"}>
                {WORDS.list}
              </a>
              <a href={go({ as: "graph" })} aria-current={isGraph ? "true" : undefined}>
                {WORDS.graph}
              </a>
            </nav>
          )}
        </div>
        {isGraph ? (
          <GraphView wanted={wanted} query={asked} />
        ) : (
          <ServiceTable wanted={wanted} query={asked} />
        )}
      </div>
      {subject === "" ? null : <ServicePanel id={subject} query={asked} />}
    </div>
  );
}

function ToneChoice({
  tone,
  hrefFor,
}: {
  readonly tone: Tone | "";
  readonly hrefFor: (tone: string) => string;
}): VNode {
  const choose = (event: { readonly currentTarget: HTMLSelectElement }): void => {
    location.hash = hrefFor(event.currentTarget.value);
  };
  return (
    <label class="field">
      <span>{WORDS.stateLabel}</span>
      <select value={tone} onChange={choose}>
        <option value="">{WORDS.allStates}</option>
        {TONES_IN_ORDER.map((each) => (
          <option value={each} key={each}>
            {WORDS.tone[each]}
          </option>
        ))}
      </select>
    </label>
  );
}
