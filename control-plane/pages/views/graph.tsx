import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { useShown } from "../parts/context.ts";
import { Mark } from "../parts/mark.tsx";
import { Skeleton } from "../parts/skeleton.tsx";
import { around, MOST_DRAWN, pictureOf, type Placed } from "../view/graph-picture.ts";
import { wayToCause, type Node } from "../view/nodes.ts";
import { plain } from "../view/plain.ts";
import { hrefOf } from "../view/route.ts";
import { WORDS } from "../words.ts";

/** Services as a picture: who needs on the left, what is needed right of it. */
export function GraphView({
  wanted,
  query,
}: {
  readonly wanted: readonly Node[];
  readonly query: Readonly<Record<string, string>>;
}): VNode {
  const { nodes, graph, route } = useShown();
  const { subject } = route;
  const drawn = nodes.byId.has(subject) ? around(nodes.all, nodes.ways, subject) : wanted;
  // Where they stand depends on which there are and how wide, not on how they are.
  const shape = drawn
    .map(({ id, sickBelow }) => `${id} ${sickBelow > 0}`)
    .sort()
    .join("\n");
  const picture = useMemo(() => pictureOf(drawn, nodes.ways), [shape, graph]);
  if (graph === null) return <Skeleton rows={6} />;
  if (!picture) return <p class="empty">{WORDS.tooMany(drawn.length, MOST_DRAWN)}</p>;
  if (drawn.length === 0) return <p class="empty">{WORDS.noServices}</p>;
  const onWay = new Set(wayToCause(nodes, subject).map(({ id }) => id));
  return (
    <>
      <p class="quiet">{WORDS.graphSays}</p>
      <div class="picture" role="group" aria-label={WORDS.graphLabel(drawn.length)} tabIndex={0}>
        <svg
          width={picture.width}
          height={picture.height}
          viewBox={`0 0 ${picture.width} ${picture.height}`}
        >
          <g aria-hidden="true">
            {picture.edges.map(({ from, to, strength, path }) => (
              <path
                key={`${from} ${to}`}
                d={path}
                class={`edge ${strength}${onWay.has(from) && onWay.has(to) ? " on-way" : ""}`}
              />
            ))}
          </g>
          {picture.nodes.map((placed) => (
            <Box
              key={placed.node.id}
              placed={placed}
              node={nodes.byId.get(placed.node.id) ?? placed.node}
              href={hrefOf("services", placed.node.id, query)}
              isChosen={placed.node.id === subject}
            />
          ))}
        </svg>
      </div>
    </>
  );
}

function Box({
  placed: { title, x, y, width, height },
  node,
  href,
  isChosen,
}: {
  readonly placed: Placed;
  readonly node: Node;
  readonly href: string;
  readonly isChosen: boolean;
}): VNode {
  const { id, host, tone, word, sickBelow } = node;
  const below = sickBelow > 0 ? `, ${WORDS.sickBelow(sickBelow)}` : "";
  // What is seen comes first in what is heard.
  const count = sickBelow > 0 ? `▸${sickBelow}` : "";
  return (
    <a
      href={href}
      class={`node tone-${tone}${isChosen ? " chosen" : ""}`}
      aria-label={`${title}${count}: ${word}${below}, ${host}`}
      aria-current={isChosen ? "true" : undefined}
      data-row
    >
      <title>{`${plain(id)}: ${word}${below}`}</title>
      <rect x={x - width / 2} y={y - height / 2} width={width} height={height} rx="7" />
      <svg x={x - width / 2 + 10} y={y - 7} width="14" height="14">
        <Mark tone={tone} />
      </svg>
      <text x={x - width / 2 + 31} y={y + 4.5}>
        {title}
      </text>
      {sickBelow > 0 ? (
        <text class="sick" x={x + width / 2 - 10} y={y + 4.5} text-anchor="end">
          {count}
        </text>
      ) : null}
    </a>
  );
}
