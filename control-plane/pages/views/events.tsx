import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { LoggedEvent } from "../../contract/logged-event.ts";
import { readEvents } from "../feed/api.ts";
import { Age } from "../parts/age.tsx";
import { useShown } from "../parts/context.ts";
import { HostChoice } from "../parts/host-choice.tsx";
import { NodeLink } from "../parts/node-link.tsx";
import { Skeleton } from "../parts/skeleton.tsx";
import { Row, Table, type Head } from "../parts/table.tsx";
import { clockText } from "../view/ages.ts";
import { plain } from "../view/plain.ts";
import { hrefOf } from "../view/route.ts";
import { Replay } from "./replay.tsx";
import { WORDS } from "../words.ts";

const HEADS: readonly Head[] = [
  { name: WORDS.timeLabel },
  { name: WORDS.hostLabel },
  { name: WORDS.aboutLabel },
  { name: WORDS.whatLabel, kind: "wide" },
  { name: WORDS.past.label },
];

/** It asks for what is new so often, in milliseconds. */
const NEWER_MS = 5_000;

interface Kept {
  readonly events: readonly LoggedEvent[];
  readonly next: number | null;
  /** What came since, which no row shows yet. */
  readonly newer: readonly LoggedEvent[];
}

/** What happened, the newest first. What is new waits until somebody wants it. */
export function EventsView(): VNode {
  const { route, replay } = useShown();
  const before = replay.past === null ? null : replay.past.sequence + 1;
  const host = route.query.get("host") ?? "";
  return (
    <>
      <h1>{WORDS.view.events}</h1>
      <div class="tools">
        <HostChoice host={host} hrefFor={(one) => hrefOf("events", "", { host: one })} />
        <p class="quiet">{WORDS.eventsSay}</p>
      </div>
      <Replay />
      <EventList key={`${host} ${before}`} host={host} newest={before} />
    </>
  );
}

function EventList({
  host,
  newest,
}: {
  readonly host: string;
  /** Only those with a smaller sequence; null for all, and what comes. */
  readonly newest: number | null;
}): VNode {
  const { show } = useShown().replay;
  const [kept, setKept] = useState<Kept | null>(null);
  const [failed, setFailed] = useState(false);
  const load = async (before: number | null): Promise<void> => {
    try {
      const { events, next } = await readEvents(host, before);
      setKept((old) => ({
        events: before === newest ? events : [...(old?.events ?? []), ...events],
        next,
        newer: before === newest ? [] : (old?.newer ?? []),
      }));
      setFailed(false);
    } catch {
      setFailed(true);
    }
  };
  useEffect(() => {
    void load(newest);
    if (newest !== null) return undefined;
    const timer = setInterval(() => {
      readEvents(host, null).then(
        ({ events }) => setKept((old) => old && { ...old, newer: newerThan(old.events, events) }),
        () => undefined,
      );
    }, NEWER_MS);
    return () => clearInterval(timer);
  }, []);
  if (kept === null) {
    return failed ? <Failed again={() => void load(newest)} /> : <Skeleton rows={8} />;
  }
  const showNewer = (): void =>
    setKept((old) => old && { ...old, events: [...old.newer, ...old.events], newer: [] });
  const { events, newer, next } = kept;
  return (
    <>
      {newer.length === 0 ? null : (
        <button type="button" class="more" onClick={showNewer}>
          {WORDS.fresh(newer.length)}
        </button>
      )}
      {events.length === 0 ? (
        <p class="empty">{WORDS.noEvents}</p>
      ) : (
        <Table label={WORDS.view.events} heads={HEADS}>
          {events.map((event) => (
            <Row
              key={event.sequence}
              heads={HEADS}
              cells={cellsOf(event, (at) => void show(at).catch(() => undefined))}
            />
          ))}
        </Table>
      )}
      {failed ? <Failed again={() => void load(next)} /> : null}
      {next === null ? (
        <p class="quiet">{WORDS.end}</p>
      ) : (
        <button type="button" onClick={() => void load(next)}>
          {WORDS.older}
        </button>
      )}
    </>
  );
}

function newerThan(known: readonly LoggedEvent[], answered: readonly LoggedEvent[]): LoggedEvent[] {
  const newest = known[0]?.sequence ?? 0;
  return answered.filter(({ sequence }) => sequence > newest);
}

function cellsOf(
  { at, host, subject, kind, text }: LoggedEvent,
  show: (at: string) => void,
): VNode[] {
  const about = subject ?? kind;
  return [
    <span data-row tabIndex={-1} class="when">
      <span>{clockText(at)}</span>{" "}
      <span class="quiet">
        <Age at={at} />
      </span>
    </span>,
    <span>{host ?? WORDS.observer}</span>,
    subject === null || host === null ? (
      <span class="quiet">{plain(about)}</span>
    ) : (
      <NodeLink id={`${host}/${kind === "gate" ? "gate:" : ""}${subject}`} text={subject} />
    ),
    <span>{plain(text)}</span>,
    <button type="button" class="small" onClick={() => show(at)}>
      {WORDS.past.at}
    </button>,
  ];
}

function Failed({ again }: { readonly again: () => void }): VNode {
  return (
    <p class="note tone-unknown">
      {WORDS.failedToLoad}{" "}
      <button type="button" onClick={again}>
        {WORDS.tryAgain}
      </button>
    </p>
  );
}
