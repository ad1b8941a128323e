// What every part of the page may read.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Graph, Session, State } from "../../contract/page-api.ts";
import type { Nodes } from "../view/nodes.ts";
import type { Moment } from "../view/past.ts";
import type { Route } from "../view/route.ts";
import type { Knowledge } from "../view/tone.ts";

/** What is shown. */
export interface Shown {
  readonly state: State;
  /** Null until it has come. */
  readonly graph: Graph | null;
  readonly nodes: Nodes;
  readonly knowledge: Knowledge;
  readonly session: Session;
  readonly route: Route;
  readonly replay: Replay;
}

/** Another moment in place of now. */
export interface Replay {
  /** The moment that is shown; null for now. */
  readonly past: Moment | null;
  /** Shows a moment; answers whether anything is kept of it. */
  readonly show: (at: string) => Promise<boolean>;
}

/** What is shown; there is none before the first state. */
export const ShownContext = createContext<Shown | null>(null);

/** What the server's clock says, in milliseconds since 1970. Only ages read it, so only they change each second. */
export const NowContext = createContext(0);

/** What is shown. @throws outside of a view */
export function useShown(): Shown {
  const shown = useContext(ShownContext);
  if (shown === null) throw new Error("nothing is shown yet");
  return shown;
}

/** What the server's clock says, in milliseconds since 1970. */
export function useNow(): number {
  return useContext(NowContext);
}
