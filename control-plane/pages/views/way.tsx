import type { VNode } from "preact";
import type { Linked, NodeFinding } from "../../../model/cause-chain.ts";
import { useShown } from "../parts/context.ts";
import { Said } from "../parts/mark.tsx";
import { plain } from "../view/plain.ts";
import { hrefOf } from "../view/route.ts";
import { WORDS } from "../words.ts";

/** The way from a service to where it begins that it is not well, one step after another. */
export function Way({
  id,
  way,
  query,
}: {
  readonly id: string;
  readonly way: readonly Linked<NodeFinding>[];
  readonly query: Readonly<Record<string, string>>;
}): VNode {
  const { nodes } = useShown();
  if (way.length === 0) return <p class="empty">{WORDS.noWay}</p>;
  if (way.length === 1) return <p>{WORDS.itself}</p>;
  return (
    <ol class="way">
      {way.map((step) => {
        const node = nodes.byId.get(step.id);
        return (
          <li key={step.id} class={step.cause ? "cause" : ""}>
            {step.id === id || !node ? (
              <b>{plain(step.id)}</b>
            ) : (
              <a href={hrefOf("services", step.id, query)}>{plain(step.id)}</a>
            )}{" "}
            {node ? <Said tone={node.tone} word={node.word} /> : null}
            {step.cause ? <strong> {WORDS.begins}</strong> : null}
          </li>
        );
      })}
    </ol>
  );
}
