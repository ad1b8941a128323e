// What the page knows, and how sure it can be of it. Pure: what arrives goes in, what is known comes out.
import { PAGE_VERSION, type Answered } from "./answers.ts";
import type { Session, State } from "../../contract/page-api.ts";
import type { Moment } from "../view/ages.ts";
import type { Knowledge } from "../view/tone.ts";
import { WORDS } from "../words.ts";

/**
 * How the page hears: "first": nothing came yet; "live": by the stream; "polling": it asks, because the
 * stream is cut; "lost": nobody answers; "other": the server speaks another version.
 */
export type Link = "first" | "live" | "polling" | "lost" | "other";

/** What the page knows. */
export interface Feed {
  /** Null while nobody is logged in; undefined while that is not known. */
  readonly session: Session | null | undefined;
  readonly link: Link;
  readonly state: State | null;
  /** When the state was said, and when it came. */
  readonly moment: Moment;
  /** When anything came last, by the browser's clock. */
  readonly contact: number;
  /** What the first server was built from. */
  readonly build: string | null;
}

/** Before anything. @param now milliseconds since 1970, by the browser's clock */
export function nothingYet(now: number): Feed {
  const moment = { said: now, came: now };
  return { session: undefined, link: "first", state: null, moment, contact: now, build: null };
}

/** What arrived. */
export type Arrival =
  | { readonly kind: "session"; readonly session: Session | null }
  /** A state, by the stream or by asking. */
  | { readonly kind: "state"; readonly state: Answered; readonly by: "stream" | "asking" }
  /** A sign of life of the stream. */
  | { readonly kind: "alive" }
  | { readonly kind: "cut" }
  | { readonly kind: "lost" };

/** What is known once something has arrived. @param now by the browser's clock */
export function arrived(feed: Feed, arrival: Arrival, now: number): Feed {
  switch (arrival.kind) {
    case "session":
      // Nothing of what somebody saw stays for who logs in next.
      return arrival.session === null
        ? { ...nothingYet(now), session: null }
        : { ...feed, session: arrival.session, contact: now };
    case "state": {
      const { state } = arrival;
      if (state.version !== PAGE_VERSION) return { ...feed, link: "other", contact: now };
      const moment = { said: Date.parse(state.at), came: now };
      const link = arrival.by === "stream" ? "live" : "polling";
      return { ...feed, link, state, moment, contact: now, build: feed.build ?? state.build };
    }
    case "alive":
      return { ...feed, contact: now };
    case "cut":
      return feed.link === "lost" || feed.link === "other" ? feed : { ...feed, link: "polling" };
    case "lost":
      return { ...feed, link: feed.link === "other" ? "other" : "lost" };
  }
}

/** After so long without a word, what is shown is old. The server says something each 15 s. */
const SILENCE_MS = 45_000;

/** What is known of everything, beside each host's own part. @param now by the browser's clock */
export function knowledgeOf({ link, state, contact, moment }: Feed, now: number): Knowledge {
  // A sign of life says that the server is there, and nothing of how old its state is: that is told
  // every 5 s while nothing happens.
  const heard = state === null ? contact : moment.came;
  if (link === "lost" || link === "other" || now - heard > SILENCE_MS) {
    return { old: WORDS.serverAway };
  }
  return { old: state?.summary.observer.state === "silent" ? WORDS.observerSilent : null };
}

/** What stands above everything; null when nothing has to. */
export function bannerOf({ link, state, build }: Feed): string | null {
  if (link === "polling" || link === "lost" || link === "other") return WORDS.banner[link];
  return state !== null && state.build !== build ? WORDS.banner.build : null;
}
