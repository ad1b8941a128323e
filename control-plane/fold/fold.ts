// The world is this function over the log, and nothing else: no clock, no file, no order but that of
// the lines.
import type { HostLine, LogLine, Note } from "../contract/log-line.ts";
import { own } from "../contract/observed.ts";
import { afterHappening } from "./after-happening.ts";
import {
  unheard,
  withGap,
  type Facts,
  type HostFacts,
  type Moment,
  type OwnRecords,
} from "./facts.ts";
import { placeOf, withNumber } from "./source.ts";

/** The facts after one more line; those before are as they were. */
export function fold(facts: Facts, line: LogLine): Facts {
  return foldOn(facts, line, new WeakSet());
}

/**
 * The same in a run that shows nobody what lies between its lines.
 * @param records what the run has made so far
 */
export function foldOn(facts: Facts, line: LogLine, records: OwnRecords): Facts {
  const whole = line.sequence > facts.sequence + 1 ? withHole(facts, line) : facts;
  if (line.from === "observer") return afterNote(whole, line.note, line);
  const before = own(whole.hosts, line.host);
  // One that is not declared any more.
  if (!before) return { ...whole, sequence: line.sequence };
  const after = afterLine(before, line, records);
  return { sequence: line.sequence, hosts: { ...whole.hosts, [line.host]: after } };
}

function afterNote(facts: Facts, note: Note, { at, sequence }: LogLine): Facts {
  switch (note.kind) {
    case "began":
      return { ...facts, sequence };
    case "declared": {
      const hosts = Object.entries(note.silentAfterSeconds).map(([host, seconds]) => {
        const known = own(facts.hosts, host);
        const after = known
          ? { ...known, sequence, silentAfterSeconds: seconds }
          : unheard(seconds, at, sequence);
        return [host, after] as const;
      });
      return { sequence, hosts: Object.fromEntries(hosts) };
    }
    case "silent": {
      const before = own(facts.hosts, note.host);
      if (!before) return { ...facts, sequence };
      const after: HostFacts = {
        ...before,
        sequence,
        freshness: { state: "unreachable", since: at },
      };
      return { sequence, hosts: { ...facts.hosts, [note.host]: after } };
    }
  }
}

/** Lines that are gone may have said anything of any host. */
function withHole(facts: Facts, { sequence, at }: LogLine): Facts {
  const from = facts.sequence + 1;
  const now: Moment = { at, line: sequence };
  const reason = `lines ${from} to ${sequence - 1} of the log are gone`;
  const hosts = Object.entries(facts.hosts).map(([host, known]) => {
    return [host, { ...withGap(known, now, reason), sequence }] as const;
  });
  return { ...facts, hosts: Object.fromEntries(hosts) };
}

function afterLine(before: HostFacts, line: HostLine, records: OwnRecords): HostFacts {
  const { at, sequence, stream, number } = line;
  const now: Moment = { at, line: sequence };
  const place = placeOf(before.source, stream, number);
  if (place === "duplicate") return { ...before, sequence };
  const { source, passedOver } = withNumber(before.source, stream, number);
  const fillsHole = place === "late" && stream === source.stream;
  const heard: HostFacts = {
    ...before,
    sequence,
    source,
    heard: at,
    freshness:
      before.freshness.state === "fresh" ? before.freshness : { state: "fresh", since: at },
    // What comes often says nothing new about a clock.
    clockAheadSeconds:
      line.happening.kind === "engine" ? before.clockAheadSeconds : secondsAhead(line.time, at),
    counts: {
      events: before.counts.events + 1,
      late: before.counts.late + (place === "late" ? 1 : 0),
      lost: before.counts.lost + passedOver - (fillsHole ? 1 : 0),
    },
  };
  // What it says was overtaken, and nobody knows by what: a look will tell.
  if (place === "late") return withGap(heard, now, "something came late");
  const after = afterHappening(heard, line.happening, now, records);
  // A look that came through says all that what is missing could have said.
  const isWhole = passedOver === 0 || line.happening.kind === "look";
  return isWhole ? after : withGap(after, now, "something that the host said never came");
}

function secondsAhead(theirs: string, ours: string): number {
  return Math.round((Date.parse(theirs) - Date.parse(ours)) / 1000);
}
