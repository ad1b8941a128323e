import type { VNode } from "preact";
import { Age } from "../parts/age.tsx";
import { useShown } from "../parts/context.ts";
import { Fingerprint } from "../parts/fingerprint.tsx";
import { useHeld } from "../parts/held.tsx";
import { NodeLink } from "../parts/node-link.tsx";
import { Row, Table, type Head } from "../parts/table.tsx";
import { imageRows, type ImageRow } from "../view/images.ts";
import { plain } from "../view/plain.ts";
import { WORDS } from "../words.ts";

const SAYS = WORDS.images;

const HEADS: readonly Head[] = [
  { name: SAYS.imageLabel, kind: "wide" },
  { name: SAYS.byLabel, kind: "wide" },
  { name: SAYS.digestLabel },
  { name: SAYS.seenLabel },
];

/** Which images run where. */
export function Images(): VNode {
  const { state } = useShown();
  const { rows, hold, more } = useHeld(imageRows(state), "images");
  return (
    <>
      <h1>{WORDS.view.images}</h1>
      <p class="quiet">
        {SAYS.says} <code>{SAYS.command}</code>
      </p>
      {rows.length === 0 ? (
        <p class="empty">
          {SAYS.none} {WORDS.lastChecked} <Age at={state.at} />.
        </p>
      ) : (
        <>
          {more}
          <Table label={WORDS.view.images} heads={HEADS} {...hold}>
            {rows.map(({ item, isGone }) => (
              <Row key={item.id} heads={HEADS} isGone={isGone} cells={cellsOf(item)} />
            ))}
          </Table>
        </>
      )}
    </>
  );
}

function cellsOf({ id, services, digests, at }: ImageRow): VNode[] {
  const [digest] = digests;
  return [
    <span data-row tabIndex={-1}>
      <code>{plain(id)}</code>
    </span>,
    <ul class="names">
      {services.map((each) => (
        <li key={each}>
          <NodeLink id={each} />
        </li>
      ))}
    </ul>,
    digest === undefined ? (
      <span class="quiet">{SAYS.unpinned}</span>
    ) : digests.length > 1 ? (
      <span title={plain(digests.join(" "))}>{SAYS.several(digests.length)}</span>
    ) : (
      <Fingerprint text={digest} />
    ),
    <Age at={at} />,
  ];
}
