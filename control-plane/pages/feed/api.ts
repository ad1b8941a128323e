// What the page asks its server. Every address is relative, so that the page may live at any path.
import type { Events, Graph, HostHistory, Past, Session } from "../../contract/page-api.ts";
import { spanText } from "../view/ages.ts";
import { WORDS } from "../words.ts";
import {
  eventsIn,
  graphIn,
  historyIn,
  pastIn,
  refusalIn,
  sessionIn,
  stateIn,
  type Answered,
} from "./answers.ts";

/** Nobody is logged in, or not any more. */
export class SignedOut extends Error {}

/** An answer that does not come within this is none. */
const PATIENCE_MS = 15_000;
/** A moment is computed of a whole log. */
const REPLAY_PATIENCE_MS = 120_000;

/** Who is logged in; null for nobody. */
export async function readSession(): Promise<Session | null> {
  try {
    return sessionIn(await read("api/session"));
  } catch (error) {
    if (error instanceof SignedOut) return null;
    throw error;
  }
}

/** How everything is. */
export async function readState(): Promise<Answered> {
  return stateIn(await read("api/state"));
}

/** What needs what. */
export async function readGraph(): Promise<Graph> {
  return graphIn(await read("api/graph"));
}

/** What lies behind a host. */
export async function readHistory(host: string): Promise<HostHistory> {
  return historyIn(await read(`api/history?${new URLSearchParams({ host }).toString()}`));
}

/** What was known at a moment. @param at undefined: only how far the log goes back */
export async function readPast(at?: string): Promise<Past> {
  const search = at === undefined ? "" : `?${new URLSearchParams({ at }).toString()}`;
  return pastIn(await read(`api/past${search}`, REPLAY_PATIENCE_MS));
}

/** What happened, the newest first. @param before only those with a smaller sequence */
export async function readEvents(host: string, before: number | null): Promise<Events> {
  const query = new URLSearchParams();
  if (host !== "") query.set("host", host);
  if (before !== null) query.set("before", String(before));
  const search = query.toString();
  return eventsIn(await read(`api/events${search && `?${search}`}`));
}

/** Logs in. Null when that worked, or why it did not, for a person. */
export async function logIn(user: string, password: string): Promise<string | null> {
  const response = await fetch("api/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user, password }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (response.ok) return null;
  const { error, retryAfterSeconds } = refusalIn(await response.json().catch(() => null));
  const after =
    retryAfterSeconds === undefined ? "" : ` ${WORDS.tryIn(spanText(retryAfterSeconds))}`;
  return `${error ?? WORDS.loginFailed}${after}`;
}

/** Logs out. */
export async function logOut(): Promise<void> {
  await fetch("api/session", { method: "DELETE", signal: AbortSignal.timeout(PATIENCE_MS) });
}

/** The stream of states, piece by piece. @throws SignedOut */
export async function openStream(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const headers = { Accept: "text/event-stream" };
  const { body, ok, status } = await fetch("api/stream", { headers, signal, cache: "no-store" });
  if (status === 401) throw new SignedOut();
  if (!ok || body === null) throw new Error(`the stream was refused (${status})`);
  return body;
}

async function read(path: string, patienceMs = PATIENCE_MS): Promise<unknown> {
  const signal = AbortSignal.timeout(patienceMs);
  const response = await fetch(path, { signal, cache: "no-store" });
  if (response.status === 401) throw new SignedOut();
  if (!response.ok) throw new Error(`${path} was refused (${response.status})`);
  return response.json();
}
