import type { VNode } from "preact";
import { Age } from "../parts/age.tsx";
import { useNow, useShown } from "../parts/context.ts";
import { Said } from "../parts/mark.tsx";
import { NodeLink } from "../parts/node-link.tsx";
import { Row, Table, type Head } from "../parts/table.tsx";
import { backupsOf, restoreCondition } from "../view/backups.ts";
import { WORDS } from "../words.ts";

const HEADS: readonly Head[] = [
  { name: WORDS.jobLabel, kind: "wide" },
  { name: WORDS.hostLabel },
  { name: WORDS.copyLabel },
  { name: WORDS.copyState },
  { name: WORDS.restoredLabel },
  { name: WORDS.saidLabel },
];

/** How old the newest copy of each job is. */
export function Backups(): VNode {
  const { state, knowledge } = useShown();
  const rows = backupsOf(state, knowledge, useNow());
  return (
    <>
      <h1>{WORDS.view.backups}</h1>
      {rows.length === 0 ? (
        <p class="empty">
          {WORDS.noBackups} {WORDS.lastChecked} <Age at={state.at} />.
        </p>
      ) : (
        <Table label={WORDS.view.backups} heads={HEADS}>
          {rows.map(({ id, host, job, copied, verified, at, tone, word }) => (
            <Row
              key={id}
              heads={HEADS}
              cells={[
                <span data-row tabIndex={-1}>
                  <NodeLink id={id} text={job} />
                </span>,
                host,
                <Age at={copied} />,
                <Said tone={tone} word={word} />,
                <>
                  <Said {...restoreCondition(verified)} />{" "}
                  {verified ? <Age at={verified.at} /> : null}
                </>,
                <Age at={at} />,
              ]}
            />
          ))}
        </Table>
      )}
    </>
  );
}
