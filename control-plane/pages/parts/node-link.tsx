import type { VNode } from "preact";
import { plain } from "../view/plain.ts";
import { hrefOf } from "../view/route.ts";
import { useShown } from "./context.ts";

/** A name that leads to its service, where there is one of it. */
export function NodeLink({
  id,
  text = id,
}: {
  readonly id: string;
  readonly text?: string;
}): VNode {
  const { nodes } = useShown();
  return nodes.byId.has(id) ? (
    <a href={hrefOf("services", id)}>{plain(text)}</a>
  ) : (
    <span>{plain(text)}</span>
  );
}
