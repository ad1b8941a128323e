// What the server answers. Its own schemas checked that; here it is only told apart from what a proxy
// or another version might say.
import type {
  Events,
  Graph,
  HostHistory,
  Past,
  Refusal,
  Session,
  State,
} from "../../contract/page-api.ts";

/** Version of the answers that this page understands. */
export const PAGE_VERSION = 1;

/** A state of this version, or what another version says. */
export type Answered = State | { readonly version: "other" };

/** The state in an answer; "other" for one of another version. @throws when it is none at all */
export function stateIn(value: unknown): Answered {
  if (!isRecord(value) || typeof value["version"] !== "number") throw new Error("no state");
  if (value["version"] !== PAGE_VERSION) return { version: "other" };
  const lists = [value["hosts"], value["actions"], value["incidents"], value["drift"]];
  if (!lists.every(Array.isArray)) throw new Error("no state");
  return value as State;
}

/** @throws when it is no graph of this version */
export function graphIn(value: unknown): Graph {
  if (!isRecord(value) || value["version"] !== PAGE_VERSION || !Array.isArray(value["nodes"])) {
    throw new Error("no graph");
  }
  return value as Graph;
}

/** @throws when it is no page of events */
export function eventsIn(value: unknown): Events {
  if (!isRecord(value) || !Array.isArray(value["events"])) throw new Error("no events");
  return value as Events;
}

/** @throws when it is no history of a host */
export function historyIn(value: unknown): HostHistory {
  if (!isRecord(value) || value["version"] !== PAGE_VERSION || !Array.isArray(value["receipts"])) {
    throw new Error("no history");
  }
  return value as HostHistory;
}

/** @throws when it is no answer about a past moment */
export function pastIn(value: unknown): Past {
  if (!isRecord(value) || value["version"] !== PAGE_VERSION || !("moment" in value)) {
    throw new Error("no past");
  }
  return value as Past;
}

/** @throws when it is no session */
export function sessionIn(value: unknown): Session {
  if (!isRecord(value) || typeof value["user"] !== "string") throw new Error("no session");
  return value as Session;
}

/** Why something was refused, in as many words as the server has for it. */
export function refusalIn(value: unknown): Partial<Refusal> {
  return isRecord(value) && typeof value["error"] === "string" ? value : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
