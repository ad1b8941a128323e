// What of a batch goes into the log, and what is answered.
import {
  EVENTS_VERSION,
  happening as happeningSchema,
  type Batch,
  type Receipt,
} from "../contract/events.ts";
import type { HostLine } from "../contract/log-line.ts";
import { own } from "../contract/observed.ts";
import { asLine } from "../contract/words.ts";
import type { Facts, OwnRecords } from "../fold/facts.ts";
import { foldOn } from "../fold/fold.ts";
import { placeOf } from "../fold/source.ts";

/** A batch that was read, before it is on the disk. */
export interface TakenIn {
  /** The facts with it. */
  readonly facts: Facts;
  readonly lines: readonly HostLine[];
  readonly receipt: Receipt;
}

/**
 * Numbers the lines of a batch.
 * @param facts with all that came before
 * @param at the receipt
 */
export function takeIn(facts: Facts, batch: Batch, at: string): TakenIn {
  const { host, stream } = batch;
  const lines: HostLine[] = [];
  const refused: number[] = [];
  let now = facts;
  const records: OwnRecords = new WeakSet();
  let duplicates = 0;
  let upTo = 0;
  for (const { number, time, happening } of batch.events) {
    upTo = Math.max(upTo, number);
    const source = own(now.hosts, host)?.source ?? null;
    if (placeOf(source, stream, number) === "duplicate") {
      duplicates += 1;
      continue;
    }
    const read = happeningSchema.safeParse(happening);
    if (!read.success) refused.push(number);
    const line: HostLine = {
      version: 1,
      sequence: now.sequence + 1,
      at,
      from: "host",
      host,
      stream,
      number,
      time,
      happening: read.success ? read.data : { kind: "unread", of: kindOf(happening) },
    };
    now = foldOn(now, line, records);
    lines.push(line);
  }
  const known = own(now.hosts, host);
  const lookWanted = !known || known.gap !== null || known.looked === null;
  return {
    facts: now,
    lines,
    receipt: { version: EVENTS_VERSION, stream, upTo, duplicates, refused, lookWanted },
  };
}

function kindOf(happening: unknown): string {
  const { kind } = (happening ?? {}) as { readonly kind?: unknown };
  return typeof kind === "string" ? asLine(kind) : "none";
}
