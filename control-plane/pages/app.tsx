import type { VNode } from "preact";
import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import type { Graph, State } from "../contract/page-api.ts";
import { logOut, readGraph, readSession } from "./feed/api.ts";
import {
  arrived,
  bannerOf,
  knowledgeOf,
  nothingYet,
  type Arrival,
  type Feed,
} from "./feed/feed.ts";
import { follow } from "./feed/follow.ts";
import { Clock, Still } from "./parts/clock.tsx";
import { ShownContext } from "./parts/context.ts";
import { PastBar } from "./parts/past-bar.tsx";
import { Skeleton } from "./parts/skeleton.tsx";
import { useKeys } from "./parts/use-keys.ts";
import { usePast } from "./parts/use-past.ts";
import { newsBetween } from "./view/news.ts";
import { nodesOf } from "./view/nodes.ts";
import { showsPast, stateThen } from "./view/past.ts";
import { plain } from "./view/plain.ts";
import { routeOf, type Route, type View } from "./view/route.ts";
import { Backups } from "./views/backups.tsx";
import { Drift } from "./views/drift.tsx";
import { Boot } from "./views/boot.tsx";
import { Deployments } from "./views/deployments.tsx";
import { EventsView } from "./views/events.tsx";
import { Frame } from "./views/frame.tsx";
import { Help } from "./views/help.tsx";
import { Hosts } from "./views/hosts.tsx";
import { Images } from "./views/images.tsx";
import { Incidents } from "./views/incidents.tsx";
import { Login } from "./views/login.tsx";
import { Overview } from "./views/overview.tsx";
import { NotKept } from "./views/replay.tsx";
import { Services } from "./views/services.tsx";
import { WORDS } from "./words.ts";

const PAGES: Readonly<Record<View, () => VNode>> = {
  overview: Overview,
  services: Services,
  incidents: Incidents,
  drift: Drift,
  events: EventsView,
  deployments: Deployments,
  images: Images,
  boot: Boot,
  backups: Backups,
  hosts: Hosts,
  help: Help,
};

/** The whole page. */
export function App(): VNode {
  const [feed, tell] = useReducer(
    (known: Feed, arrival: Arrival) => arrived(known, arrival, Date.now()),
    nothingYet(Date.now()),
  );
  const route = useRoute();
  const [asked, askAgain] = useReducer((count: number, _: "again") => count + 1, 0);
  useKeys(route);
  useEffect(() => {
    readSession().then(
      (session) => tell({ kind: "session", session }),
      () => tell({ kind: "lost" }),
    );
  }, [asked]);
  const user = feed.session?.user;
  useEffect(() => {
    if (user === undefined) return undefined;
    const stop = new AbortController();
    void follow(tell, stop.signal);
    return () => stop.abort();
  }, [user]);
  const graph = useGraph(user, feed.state?.build);
  const isOld = useOld(feed);
  const knowledge = useMemo(() => knowledgeOf(feed, Date.now()), [feed, isOld]);
  const { state, session } = feed;
  const { past, show, back } = usePast(user);
  // What is past stays as it was, whatever is heard of now.
  const shown = past === null || state === null ? state : stateThen(past, state);
  const old = past === null ? knowledge.old : null;
  const nodes = useMemo(
    () => (shown === null ? null : nodesOf(shown, graph, { old })),
    [past ?? state, graph, old],
  );
  const news = useNews(state);
  if (session === null) return <Login done={() => askAgain("again")} />;
  const leave = (): void => {
    logOut().then(
      () => tell({ kind: "session", session: null }),
      () => tell({ kind: "lost" }),
    );
  };
  if (session === undefined) {
    return (
      <main class="first" id="content">
        {feed.link === "lost" ? (
          <p class="note tone-unknown">
            {WORDS.banner.lost}{" "}
            <button type="button" onClick={() => askAgain("again")}>
              {WORDS.tryAgain}
            </button>
          </p>
        ) : (
          <Skeleton rows={6} />
        )}
      </main>
    );
  }
  const Page = past !== null && !showsPast(route.view) ? NotKept : PAGES[route.view];
  return (
    <Clock moment={feed.moment}>
      <Frame
        view={route.view}
        session={session}
        link={feed.link}
        at={state?.at ?? null}
        banner={bannerOf(feed)}
        isOld={old !== null}
        past={past === null ? null : <PastBar at={past.at} back={back} />}
        logOut={leave}
      >
        {shown === null || nodes === null ? (
          <Skeleton rows={8} />
        ) : (
          <ShownContext.Provider
            value={{
              state: shown,
              graph,
              nodes,
              knowledge: { old },
              session,
              route,
              replay: { past, show },
            }}
          >
            <Still at={past?.at ?? null}>
              <Page />
            </Still>
          </ShownContext.Provider>
        )}
      </Frame>
      <div class="hidden" role="log" aria-live="polite">
        {plain(news)}
      </div>
    </Clock>
  );
}

function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const change = (): void => setRoute(routeOf(location.hash));
    addEventListener("hashchange", change);
    return () => removeEventListener("hashchange", change);
  }, []);
  useEffect(() => {
    document.title = WORDS.titleOf(plain(route.subject) || WORDS.view[route.view]);
  }, [route]);
  return route;
}

/** What needs what; it is asked for again when another server is there. */
function useGraph(user: string | undefined, build: string | undefined): Graph | null {
  const [graph, setGraph] = useState<Graph | null>(null);
  useEffect(() => {
    if (user === undefined || build === undefined) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = (): void => {
      readGraph().then(setGraph, () => {
        timer = setTimeout(load, 10_000);
      });
    };
    load();
    return () => clearTimeout(timer);
  }, [user, build]);
  return graph;
}

/** Whether what is shown is old: time alone makes it so. */
function useOld(feed: Feed): boolean {
  const [isOld, setOld] = useState(false);
  useEffect(() => {
    const look = (): void => setOld(knowledgeOf(feed, Date.now()).old !== null);
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [feed]);
  return isOld;
}

/** What is said aloud; what was said before stays until there is something else. */
function useNews(state: State | null): string {
  const before = useRef<State | null>(null);
  const [news, setNews] = useState("");
  useEffect(() => {
    if (state === null) return;
    const said = newsBetween(before.current, state);
    before.current = state;
    if (said !== "") setNews(said);
  }, [state]);
  return news;
}
