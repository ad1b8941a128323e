// The words of a message.
import { messageOf, type Message } from "./message.ts";
import type { News } from "./told.ts";

/** So many names, of so many characters together; the rest is counted. */
const MOST_NAMED = 12;
const ROOM_FOR_NAMES = 400;
const ID_DIGITS = 8;

/** The message for one piece of news. @param now milliseconds since 1970 */
export function messageFor(news: News, now: number): Message {
  if (news.kind === "ended") {
    const { cause, severity, since, detail } = news.was;
    return messageOf(
      {
        kind: "ended",
        of: `${news.key} ${news.was.at}`,
        severity,
        cause,
        title: `${cause} is well again`,
        lines: [
          `since ${clockOf(news.last)}; it was not well from ${clockOf(since)} on`,
          `it had been told: ${cause} ${detail}`,
        ],
      },
      now,
    );
  }
  const { cause, detail, since, severity } = news.as;
  const { affected = [], flapping = false, action = null, withheld = null } = news.incident ?? {};
  return messageOf(
    {
      kind: "began",
      of: `${news.key} ${since}`,
      severity,
      cause,
      title: `${cause} ${detail}`,
      lines: [
        `since ${clockOf(since)}`,
        ...(affected.length > 0 ? [`not well because of it: ${namesOf(affected)}`] : []),
        ...(flapping ? ["it comes and goes; you are told once, and when it stays well"] : []),
        ...(withheld === null && action !== null
          ? [`what would mend it waits for you: npx homelab approve ${action.slice(0, ID_DIGITS)}`]
          : []),
        ...(withheld === null ? [] : [`nothing is recommended: ${withheld}`]),
        "more: npx homelab incidents",
      ],
    },
    now,
  );
}

/** A moment by the clock on the wall, e.g. "2026-11-26 12:00". */
export function clockOf(at: string | number): string {
  const time = new Date(at);
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** Names, and how many more there are: as many as there is room for in a line, and not too many to read. */
export function namesOf(names: readonly string[]): string {
  let room = ROOM_FOR_NAMES;
  const named = names.slice(0, MOST_NAMED).filter((name) => (room -= name.length + 2) >= 0);
  const more = names.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}
