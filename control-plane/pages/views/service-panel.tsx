import type { VNode } from "preact";
import { dependentsOf, requirementsOf } from "../../../model/graph.ts";
import type { ServiceWorld } from "../../contract/world.ts";
import { Age } from "../parts/age.tsx";
import { useShown } from "../parts/context.ts";
import { Said } from "../parts/mark.tsx";
import { wayToCause } from "../view/nodes.ts";
import { plain } from "../view/plain.ts";
import { hrefOf } from "../view/route.ts";
import { WORDS } from "../words.ts";
import { Below } from "./service-table.tsx";
import { Way } from "./way.tsx";

/** Everything about one service or mount. */
export function ServicePanel({
  id,
  query,
}: {
  readonly id: string;
  readonly query: Readonly<Record<string, string>>;
}): VNode {
  const { nodes } = useShown();
  const node = nodes.byId.get(id);
  const back = (
    <a class="back" href={hrefOf("services", "", query)} data-close>
      {WORDS.back}
    </a>
  );
  if (!node) {
    return (
      <aside class="panel" aria-label={plain(id)}>
        {back}
        <p class="empty">{WORDS.noSuchNode}</p>
      </aside>
    );
  }
  const needs = (requirementsOf(nodes.ways).get(id) ?? []).map(({ to, strength, why }) => {
    return {
      id: to,
      note: [WORDS.strength[strength], ...(why === undefined ? [] : [why])].join(": "),
    };
  });
  const needing = (dependentsOf(nodes.ways).get(id) ?? []).map(({ from, strength }) => {
    return { id: from, note: WORDS.strength[strength] };
  });
  return (
    <aside class="panel" aria-labelledby="panel-title">
      {back}
      <h1 id="panel-title">{plain(node.name)}</h1>
      <p class="quiet">
        {node.host} · {plain(node.category)}
      </p>
      <p class="line">
        <Said tone={node.tone} word={node.word} /> <Age at={node.since} as={WORDS.forSpan} />
        <span class="quiet">
          {WORDS.seen} <Age at={node.at} />
        </span>
      </p>
      {node.service === null ? null : <Facts service={node.service} />}
      {node.service?.container == null ? null : (
        <>
          <h2>{WORDS.logs}</h2>
          <p class="quiet">{WORDS.logsSay}</p>
          <p>
            <code>{plain(WORDS.logsCommand(node.host, node.name))}</code>
          </p>
        </>
      )}
      <h2>{WORDS.wayToCause}</h2>
      <Way id={id} way={wayToCause(nodes, id)} query={query} />
      <h2>{WORDS.needs}</h2>
      <Neighbours all={needs} empty={WORDS.nothingNeeded} query={query} />
      <h2>{WORDS.neededBy}</h2>
      <Neighbours all={needing} empty={WORDS.neededByNobody} query={query} />
    </aside>
  );
}

function Facts({ service }: { readonly service: ServiceWorld }): VNode {
  const { container, reason, heldBy, asked, planned } = service;
  const notes = [
    ...(reason === null ? [] : [reason]),
    ...(heldBy === null ? [] : [WORDS.heldBy(heldBy)]),
    ...(asked ? [WORDS.asked] : []),
    ...(planned === false ? [WORDS.unplanned] : []),
    ...(container?.outOfMemory ? [WORDS.outOfMemory] : []),
    ...(container?.exitCode ? [WORDS.exitCode(container.exitCode)] : []),
    ...(container && container.restarts > 0 ? [WORDS.restarts(container.restarts)] : []),
  ];
  return (
    <>
      {notes.map((note) => (
        <p class="line" key={note}>
          {plain(note)}
        </p>
      ))}
      {container === null ? null : (
        <p class="quiet">
          <code>{plain(container.image)}</code> {WORDS.seen} <Age at={container.at} />
        </p>
      )}
    </>
  );
}

interface Neighbour {
  readonly id: string;
  readonly note: string;
}

function Neighbours({
  all,
  empty,
  query,
}: {
  readonly all: readonly Neighbour[];
  readonly empty: string;
  readonly query: Readonly<Record<string, string>>;
}): VNode {
  const { nodes } = useShown();
  if (all.length === 0) return <p class="empty">{empty}</p>;
  return (
    <ul class="plain">
      {all.map(({ id, note }) => {
        const node = nodes.byId.get(id);
        return (
          <li key={id}>
            <a href={hrefOf("services", id, query)}>{plain(id)}</a>{" "}
            {node ? <Said tone={node.tone} word={node.word} /> : null}
            <Below count={node?.sickBelow ?? 0} />
            <div class="quiet">{plain(note)}</div>
          </li>
        );
      })}
    </ul>
  );
}
