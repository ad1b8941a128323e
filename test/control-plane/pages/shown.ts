// Views as text, without a browser.
import { h, type ComponentType } from "preact";
import { render } from "preact-render-to-string";
import type { Graph, Role, State } from "../../../control-plane/contract/page-api.ts";
import { NowContext, ShownContext } from "../../../control-plane/pages/parts/context.ts";
import { nodesOf } from "../../../control-plane/pages/view/nodes.ts";
import type { Moment } from "../../../control-plane/pages/view/past.ts";
import { routeOf } from "../../../control-plane/pages/view/route.ts";
import { graph } from "./imitated-graph.ts";
import { NOW } from "./imitated-parts.ts";
import { household } from "./imitated-state.ts";

/** What is shown, and by whom. */
export interface Showing {
  readonly state?: State;
  /** Null before it has come. */
  readonly graph?: Graph | null;
  readonly old?: string | null;
  readonly role?: Role;
  readonly hash?: string;
  readonly now?: number;
  readonly past?: Moment | null;
}

/** The HTML of a view. */
export function htmlOf(
  view: ComponentType,
  {
    state = household(),
    old = null,
    role = "operator",
    hash = "",
    now = NOW,
    past = null,
    ...more
  }: Showing = {},
): string {
  const drawn = more.graph === undefined ? graph(state) : more.graph;
  const knowledge = { old };
  const value = {
    state,
    graph: drawn,
    nodes: nodesOf(state, drawn, knowledge),
    knowledge,
    session: { user: "anna", role },
    route: routeOf(hash),
    replay: { past, show: () => Promise.resolve(false) },
  };
  const shown = h(ShownContext.Provider, { value, children: h(view, null) });
  return render(h(NowContext.Provider, { value: now, children: shown }));
}

/** The words of a view, without its marks. */
export function textOf(view: ComponentType, showing?: Showing): string {
  return htmlOf(view, showing)
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll(/\s+/g, " ");
}
