// Tells a webhook when the host of the control plane is away: nobody there can tell it, and ntfy is
// there too. Told once, and its end once, also when this program starts anew in between.
import * as z from "zod";
import { readAs } from "../../../control-plane/contract/read-as.ts";
import { randomId, time } from "../../../control-plane/contract/words.ts";
import type { Disk } from "../../../control-plane/disk/disk.ts";
import { wait } from "../wait.ts";

/** What is kept on the disk: what was told, and is not over. */
const recordSchema = z.object({
  version: z.literal(1),
  id: randomId,
  /** When it was asked for the first time without an answer. */
  since: time,
});
type Told = z.infer<typeof recordSchema>;

/** What is known of the other host. */
export interface Watched {
  /** When it began to be silent; undefined while it answers. */
  readonly silent?: { readonly atMs: number; readonly since: string };
  /** Since when it answers again, while that is to be told. */
  readonly backMs?: number;
  readonly told?: Told;
}

/** What is to be told. */
export type AwayNews = "began" | "ended";

/** A look at the other host. Milliseconds of a clock that nobody sets. */
export interface AwayLook {
  readonly answers: boolean;
  /** When it was asked. */
  readonly asked: { readonly ms: number; readonly at: string };
  /** When it had answered, or nobody waited any longer. */
  readonly overMs: number;
}

/** What a look makes of what is known. */
export function afterLook(
  { silent, backMs, told }: Watched,
  { answers, asked, overMs }: AwayLook,
  afterMs: number,
): { readonly watched: Watched; readonly news?: AwayNews } {
  if (!answers) {
    const since = silent ?? { atMs: asked.ms, since: asked.at };
    const isNews = !told && overMs - since.atMs >= afterMs;
    return {
      watched: { silent: since, ...(told && { told }) },
      ...(isNews && { news: "began" as const }),
    };
  }
  if (!told) return { watched: {} };
  const back = backMs ?? asked.ms;
  const isNews = overMs - back >= Math.min(afterMs, CALM_MS);
  return { watched: { told, backMs: back }, ...(isNews && { news: "ended" as const }) };
}

/** So long it has to answer again before its end is told. */
const CALM_MS = 60_000;
const EVERY_MS = 10_000;

/** What the watch needs from the world. */
export interface AwaySurroundings {
  /** This host. */
  readonly host: string;
  /** The one that is watched. */
  readonly watched: string;
  readonly webhook: string;
  readonly afterMs: number;
  /** Whether it gives a sign of life. */
  readonly answers: (signal: AbortSignal) => Promise<boolean>;
  /** Sends JSON. @throws Error when it was not taken */
  readonly post: (url: string, body: object) => Promise<void>;
  readonly disk: Pick<Disk, "read" | "write" | "remove">;
  /** Path of what was told. */
  readonly record: string;
  /** Told once when the webhook does not take a message. */
  readonly complain: (reason: string) => void;
  readonly newId: () => string;
  /** Milliseconds between two looks. @default 10 s */
  readonly everyMs?: number;
}

/** Watches until the signal comes. */
export async function watchForAway(around: AwaySurroundings, signal: AbortSignal): Promise<void> {
  const { afterMs, answers, disk, record, complain, everyMs = EVERY_MS } = around;
  const told = readAs(recordSchema, disk.read(record) ?? "");
  let known: Watched = told ? { told } : {};
  let hasComplained = false;
  while (!signal.aborted) {
    const asked = { ms: performance.now(), at: new Date().toISOString() };
    const isThere = await answers(signal);
    const look = { answers: isThere, asked, overMs: performance.now() };
    const { watched, news } = afterLook(known, look, afterMs);
    known = watched;
    if (news) {
      try {
        known = await tell(around, known, news);
        hasComplained = false;
      } catch (error) {
        // It is tried again with the next look.
        if (!hasComplained) complain(error instanceof Error ? error.message : String(error));
        hasComplained = true;
      }
    }
    await wait(everyMs, signal);
  }
}

/** Sends the message, and notes that. */
async function tell(around: AwaySurroundings, known: Watched, news: AwayNews): Promise<Watched> {
  const { disk, record, post, webhook, newId } = around;
  const since = known.told?.since ?? known.silent?.since ?? new Date().toISOString();
  const told: Told = { version: 1, id: known.told?.id ?? newId(), since };
  await post(webhook, messageOf(around, told, news));
  if (news === "ended") {
    disk.remove(record);
    return {};
  }
  disk.write(record, `${JSON.stringify(told)}\n`);
  return { ...known, told };
}

/** In the form of the control plane's own messages to a webhook. */
function messageOf({ host, watched }: AwaySurroundings, { id, since }: Told, kind: AwayNews) {
  const began = kind === "began";
  return {
    version: 1,
    id: `${id.slice(0, -1)}${began ? "0" : "1"}`,
    at: new Date().toISOString(),
    kind,
    severity: "critical",
    cause: watched,
    title: began ? `${watched} does not answer ${host}` : `${watched} answers ${host} again`,
    text: began
      ? [
          `no sign of life since ${since}`,
          "ntfy and the control plane are there, so nothing else tells you of it, nor of anything at home",
          `look at its provider's console; when it is up, ${host}'s own way to it is broken`,
        ].join("\n")
      : `it was silent from ${since} on; what happened meanwhile is told by ntfy`,
  };
}
