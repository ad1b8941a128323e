import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Action } from "../../contract/actions.ts";
import { Age, Until } from "../parts/age.tsx";
import { CommandDialog, type Decision } from "../parts/command-dialog.tsx";
import { useNow, useShown } from "../parts/context.ts";
import { Said } from "../parts/mark.tsx";
import { NodeLink } from "../parts/node-link.tsx";
import { plain } from "../view/plain.ts";
import { isDoneByHost, progressOf, short, titleOf, whyNot } from "../view/action-queue.ts";
import { WORDS } from "../words.ts";

/** A whole action, with the ways to decide about it. */
export function ActionCard({ action, isGone }: CardProps): VNode {
  const { session, knowledge } = useShown();
  const [decision, setDecision] = useState<Decision | null>(null);
  const refusal = whyNot(action, session, knowledge, useNow());
  const { id, reason, state, since, outcome } = action;
  return (
    <article class={isGone ? "card gone" : "card"} aria-labelledby={`title-${id}`} data-action={id}>
      <h4 id={`title-${id}`} data-row tabIndex={-1}>
        {plain(titleOf(action))}
      </h4>
      <p class="line">
        <Said {...progressOf(action)} /> <Age at={since} as={WORDS.forSpan} />
      </p>
      {isGone ? <p class="quiet">{WORDS.gone}</p> : null}
      <p>{plain(reason)}</p>
      {outcome === null ? null : <p>{plain(outcome)}</p>}
      {state === "pending" ? <Terms action={action} /> : null}
      <Touches action={action} />
      {state === "pending" && !isGone ? (
        <div class="buttons">
          <button
            type="button"
            class="main"
            data-key="a"
            aria-disabled={refusal !== null}
            aria-describedby={refusal === null ? undefined : `why-${id}`}
            onClick={() => refusal === null && setDecision("approve")}
          >
            {isDoneByHost(action) ? WORDS.approve : WORDS.atDesk}
          </button>
          <button
            type="button"
            data-key="r"
            aria-disabled={refusal !== null}
            aria-describedby={refusal === null ? undefined : `why-${id}`}
            onClick={() => refusal === null && setDecision("reject")}
          >
            {WORDS.reject}
          </button>
          {refusal === null ? null : (
            <p class="quiet" id={`why-${id}`}>
              {refusal}
            </p>
          )}
        </div>
      ) : null}
      {decision === null ? null : (
        <CommandDialog
          action={action}
          decision={decision}
          whyNot={refusal}
          close={() => setDecision(null)}
        />
      )}
    </article>
  );
}

interface CardProps {
  readonly action: Action;
  /** It left the list while somebody pointed at it. */
  readonly isGone: boolean;
}

/** What a person weighs. */
function Terms({ action }: { readonly action: Action }): VNode {
  const { rootCause, risk, proposedAt, expires, hash } = action;
  return (
    <dl class="facts">
      <dt>{WORDS.rootCause}</dt>
      <dd>
        <NodeLink id={rootCause} />
      </dd>
      <dt>{WORDS.riskLabel}</dt>
      <dd class={risk === "high" ? "tone-bad" : ""}>{WORDS.risk[risk]}</dd>
      <dt>{WORDS.proposed}</dt>
      <dd>
        <Age at={proposedAt} />
      </dd>
      <dt>{WORDS.expires}</dt>
      <dd>
        <Until at={expires} />
      </dd>
      <dt>{WORDS.hash}</dt>
      <dd>
        <code>{short(hash)}</code>
      </dd>
    </dl>
  );
}

function Touches({ action }: { readonly action: Action }): VNode {
  const { blastRadius, reversibility, evidence, binding, decision } = action;
  const { restarts, degrades, data } = blastRadius;
  return (
    <details>
      <summary>
        {WORDS.details} <span class="quiet">{WORDS.touches(restarts.length, degrades.length)}</span>
      </summary>
      <dl class="facts">
        <dt>{WORDS.restartsLabel}</dt>
        <dd>{listed(restarts)}</dd>
        <dt>{WORDS.degrades}</dt>
        <dd>{listed(degrades)}</dd>
        <dt>{WORDS.data}</dt>
        <dd>{listed(data)}</dd>
        <dt>{WORDS.undoLabel}</dt>
        <dd>{`${WORDS.undo[reversibility.kind]}: ${plain(reversibility.how)}`}</dd>
        {evidence.map(({ fact, at, sequence }) => (
          <>
            <dt key={`${sequence}-name`}>{WORDS.evidence}</dt>
            <dd key={sequence}>
              {plain(fact)} <Age at={at} />
            </dd>
          </>
        ))}
        {binding.commit === null ? null : (
          <>
            <dt>{WORDS.commit}</dt>
            <dd>
              <code>{short(binding.commit)}</code>
            </dd>
          </>
        )}
        {binding.digests.length === 0 ? null : (
          <>
            <dt>{WORDS.images}</dt>
            <dd>
              {binding.digests.map((digest) => (
                <code key={digest} title={digest}>{`${digest.slice(0, 19)}… `}</code>
              ))}
            </dd>
          </>
        )}
        {decision === null ? null : (
          <>
            <dt>{WORDS.decidedBy}</dt>
            <dd>
              {plain(decision.reason === null ? decision.by : `${decision.by}: ${decision.reason}`)}{" "}
              <Age at={decision.at} />
            </dd>
          </>
        )}
      </dl>
    </details>
  );
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? WORDS.nothing : names.map(plain).join(", ");
}
