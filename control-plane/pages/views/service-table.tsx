import type { VNode } from "preact";
import { Age } from "../parts/age.tsx";
import { useShown } from "../parts/context.ts";
import { useHeld } from "../parts/held.tsx";
import { Said } from "../parts/mark.tsx";
import { Row, Table, type Head } from "../parts/table.tsx";
import { driftOfNode } from "../view/drift.ts";
import type { Node } from "../view/nodes.ts";
import { plain } from "../view/plain.ts";
import { hrefOf } from "../view/route.ts";
import { WORDS } from "../words.ts";

const HEADS: readonly Head[] = [
  { name: WORDS.serviceLabel, kind: "wide" },
  { name: WORDS.stateLabel, kind: "wide" },
  { name: WORDS.drift.driftLabel },
  { name: WORDS.hostLabel },
  { name: WORDS.categoryLabel },
  { name: WORDS.sinceLabel },
  { name: WORDS.seenLabel },
];

/** Services as a list, what is not well first. */
export function ServiceTable({
  wanted,
  query,
}: {
  readonly wanted: readonly Node[];
  readonly query: Readonly<Record<string, string>>;
}): VNode {
  const { state, nodes, knowledge, route } = useShown();
  const drift = (node: Node): VNode | null => {
    const condition = driftOfNode(node, state, knowledge);
    return condition === undefined ? null : <Said {...condition} />;
  };
  const { rows, hold, more } = useHeld(wanted, JSON.stringify(query));
  if (rows.length === 0) {
    return (
      <p class="empty">
        {nodes.all.length === 0 ? WORDS.noneKnown : WORDS.noServices} {WORDS.lastChecked}{" "}
        <Age at={state.at} />.
      </p>
    );
  }
  return (
    <>
      {more}
      <Table label={WORDS.view.services} heads={HEADS} {...hold}>
        {rows.map(({ item, isGone }) => (
          <Row
            key={item.id}
            heads={HEADS}
            isGone={isGone}
            cells={[
              <a
                href={hrefOf("services", item.id, query)}
                data-row
                aria-current={route.subject === item.id ? "true" : undefined}
              >
                {plain(item.name)}
              </a>,
              <>
                <Said tone={item.tone} word={item.word} />
                <Below count={item.sickBelow} />
              </>,
              drift(item),
              item.host,
              plain(item.category),
              <Age at={item.since} as={WORDS.forSpan} />,
              <Age at={item.at} />,
            ]}
          />
        ))}
      </Table>
    </>
  );
}

/** How many of what a service needs are not well. */
export function Below({ count }: { readonly count: number }): VNode | null {
  if (count === 0) return null;
  return (
    <span class="below" title={WORDS.sickBelow(count)}>
      <span aria-hidden="true">▸{count}</span>
      <span class="hidden">{WORDS.sickBelow(count)}</span>
    </span>
  );
}
