import type { VNode } from "preact";
import type { Action } from "../../contract/actions.ts";
import { Age } from "../parts/age.tsx";
import { useShown } from "../parts/context.ts";
import { useHeld } from "../parts/held.tsx";
import { COLUMNS, type Column } from "../view/columns.ts";
import { queueOf } from "../view/action-queue.ts";
import { WORDS } from "../words.ts";
import { ActionCard } from "./action-card.tsx";

/** The Action Queue in its four columns. */
export function Queue(): VNode {
  const { state } = useShown();
  const queue = queueOf(state.actions);
  return (
    <section aria-labelledby="queue">
      <h2 id="queue">{WORDS.queue}</h2>
      <div class="queue">
        {COLUMNS.map((column) => (
          <QueueColumn key={column} column={column} actions={queue[column]} />
        ))}
      </div>
    </section>
  );
}

function QueueColumn({
  column,
  actions,
}: {
  readonly column: Column;
  readonly actions: readonly Action[];
}): VNode {
  const { state } = useShown();
  const { rows, hold, more } = useHeld(actions, column);
  return (
    <section class={`column ${column}`} aria-labelledby={`column-${column}`} {...hold}>
      <h3 id={`column-${column}`}>
        {WORDS.column[column]} <span class="count">{actions.length}</span>
      </h3>
      {more}
      {rows.length === 0 ? (
        <p class="empty">
          {WORDS.columnIsEmpty[column]} {WORDS.lastChecked} <Age at={state.supervisor.at} />.
        </p>
      ) : (
        rows.map(({ item, isGone }) => <ActionCard key={item.id} action={item} isGone={isGone} />)
      )}
      {column === "done" && rows.length > 0 ? <p class="quiet">{WORDS.doneMore}</p> : null}
    </section>
  );
}
