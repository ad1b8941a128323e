import type { VNode } from "preact";
import { Age } from "../parts/age.tsx";
import { useShown } from "../parts/context.ts";
import { Fingerprint } from "../parts/fingerprint.tsx";
import { useHeld } from "../parts/held.tsx";
import { Said } from "../parts/mark.tsx";
import { NodeLink } from "../parts/node-link.tsx";
import { Row, Table, type Head } from "../parts/table.tsx";
import { driftOfHosts, driftRows, type DriftRow } from "../view/drift.ts";
import { plain } from "../view/plain.ts";
import { hrefOf } from "../view/route.ts";
import { hostCondition } from "../view/tones.ts";
import { WORDS } from "../words.ts";

const SAYS = WORDS.drift;

const HOST_HEADS: readonly Head[] = [
  { name: WORDS.hostLabel },
  { name: SAYS.healthLabel },
  { name: SAYS.driftLabel, kind: "wide" },
  { name: SAYS.comparedLabel },
];

const HEADS: readonly Head[] = [
  { name: WORDS.serviceLabel, kind: "wide" },
  { name: WORDS.hostLabel },
  { name: SAYS.kindLabel },
  { name: SAYS.declaredLabel },
  { name: SAYS.foundLabel },
  { name: WORDS.seenLabel },
];

/** What is other than declared, beside how well it is. */
export function Drift(): VNode {
  return (
    <>
      <h1>{WORDS.view.drift}</h1>
      <p class="quiet">{SAYS.says}</p>
      <DriftOfHosts />
      <h2>{SAYS.differences}</h2>
      <Differences />
    </>
  );
}

function DriftOfHosts(): VNode {
  const { state, knowledge } = useShown();
  if (state.hosts.length === 0) return <p class="empty">{WORDS.noHosts}.</p>;
  return (
    <Table label={SAYS.hosts} heads={HOST_HEADS}>
      {driftOfHosts(state, knowledge).map(({ host, looked, tone, word }) => {
        const world = state.hosts.find((each) => each.host === host);
        return (
          <Row
            key={host}
            heads={HOST_HEADS}
            cells={[
              <a href={hrefOf("services", "", { host })} data-row>
                {host}
              </a>,
              world ? <Said {...hostCondition(world, knowledge)} /> : null,
              <Said tone={tone} word={plain(word)} />,
              <Age at={looked} />,
            ]}
          />
        );
      })}
    </Table>
  );
}

function Differences(): VNode {
  const { state, knowledge } = useShown();
  const all = driftRows(state, knowledge);
  const { rows, hold, more } = useHeld(all, "drift");
  if (rows.length === 0) {
    const isSure = driftOfHosts(state, knowledge).every(({ tone }) => tone !== "unknown");
    return (
      <p class="empty">
        {isSure ? SAYS.none : SAYS.unknown} {WORDS.lastChecked} <Age at={state.supervisor.at} />.
      </p>
    );
  }
  return (
    <>
      {more}
      <Table label={SAYS.differences} heads={HEADS} {...hold}>
        {rows.map(({ item, isGone }) => (
          <Row key={item.id} heads={HEADS} isGone={isGone} cells={cellsOf(item)} />
        ))}
      </Table>
    </>
  );
}

function cellsOf({ host, service, kind, declared, found, at, isOld }: DriftRow): VNode[] {
  return [
    <span data-row tabIndex={-1}>
      {service === null ? SAYS.ofHost : <NodeLink id={`${host}/${service}`} text={service} />}
    </span>,
    <span>{host}</span>,
    <Said
      tone={isOld ? "unknown" : kind === "unplanned" ? "idle" : "busy"}
      word={isOld ? `${SAYS.kind[kind]}, ${SAYS.before}` : SAYS.kind[kind]}
    />,
    declared === null ? <span class="quiet">{SAYS.nothing}</span> : <Fingerprint text={declared} />,
    found === null ? (
      <span class="quiet">{kind === "plan" ? SAYS.nothing : SAYS.otherHands}</span>
    ) : (
      <Fingerprint text={found} />
    ),
    <Age at={at} />,
  ];
}
