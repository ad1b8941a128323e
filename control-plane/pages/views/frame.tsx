import type { ComponentChildren, VNode } from "preact";
import type { Session } from "../../contract/page-api.ts";
import type { Link } from "../feed/feed.ts";
import { Age } from "../parts/age.tsx";
import { Mark } from "../parts/mark.tsx";
import { hrefOf, VIEWS, type View } from "../view/route.ts";
import { WORDS } from "../words.ts";

/** What stands around each view. */
export function Frame({
  view,
  session,
  link,
  at,
  banner,
  isOld,
  past,
  logOut,
  children,
}: FrameProps): VNode {
  const isLive = link === "live" && !isOld && past === null;
  return (
    <>
      <a class="skip" href="#content" onClick={skip}>
        {WORDS.skip}
      </a>
      <header>
        <span class="brand">{WORDS.title}</span>
        <nav aria-label={WORDS.navigation}>
          {VIEWS.map((each) => (
            <a key={each} href={hrefOf(each)} aria-current={each === view ? "page" : undefined}>
              {WORDS.view[each]}
            </a>
          ))}
        </nav>
        <div class="link">
          <span class={`said tone-${isLive ? "good" : "unknown"}`}>
            <Mark tone={isLive ? "good" : "unknown"} />
            {past === null ? linkWord(link) : WORDS.past.title}
          </span>
          {at === null || isLive ? null : (
            <span class="quiet">
              {WORDS.dataAge} <Age at={at} />
            </span>
          )}
          <span class="who">
            {session.user} <span class="quiet">{WORDS.role[session.role]}</span>
          </span>
          <button type="button" onClick={logOut}>
            {WORDS.logout}
          </button>
        </div>
      </header>
      <div role="status">
        {banner === null ? null : (
          <p class="banner">
            <Mark tone="unknown" />
            <span>
              {banner} {at === null ? null : <span>{WORDS.dataAge} </span>}
            </span>
            {at === null ? null : <Age at={at} />}
          </p>
        )}
      </div>
      {past}
      <main id="content" tabIndex={-1} class={isOld ? "old" : ""}>
        {children}
      </main>
    </>
  );
}

interface FrameProps {
  readonly view: View;
  readonly session: Session;
  readonly link: Link;
  /** When what is shown was said; null before anything was. */
  readonly at: string | null;
  readonly banner: string | null;
  /** Whether what is shown need not be so any more. */
  readonly isOld: boolean;
  /** Says that another moment is shown; null for now. */
  readonly past: VNode | null;
  readonly logOut: () => void;
  readonly children: ComponentChildren;
}

/** The address says which view it is, and stays. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

function linkWord(link: Link): string {
  switch (link) {
    case "live":
      return WORDS.live;
    case "first":
      return WORDS.first;
    case "polling":
      return WORDS.poll;
    case "lost":
    case "other":
      return WORDS.lost;
  }
}
