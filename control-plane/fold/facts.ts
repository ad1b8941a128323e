// What the fold carries from line to line. Plain data: it is what a checkpoint and a snapshot hold.
import type { CONTAINER_STATES } from "../contract/events.ts";
import type { HostWorld, ServiceWorld } from "../contract/world.ts";

/** Everything that the log says, so far. */
export interface Facts {
  /** Last line that is in it. */
  readonly sequence: number;
  readonly hosts: Readonly<Record<string, HostFacts>>;
}

/** When something was received. Its line says what came first; its time is for people. */
export interface Moment {
  readonly at: string;
  /** Sequence of the line. */
  readonly line: number;
}

/** How a container was when it was last heard of; null before that. */
export type KnownState = (typeof CONTAINER_STATES)[number] | "missing" | null;

/** What a host said of one service. */
export interface ServiceFacts extends Moment {
  readonly state: KnownState;
  readonly since: string;
  /** Whether the engine checks its health, as far as a look has shown. */
  readonly checked: boolean;
  readonly container: ServiceWorld["container"];
  readonly asked: boolean;
  readonly heldBy: string | null;
}

/** What a host said of one gate. */
export interface GateFacts extends Moment {
  readonly open: boolean;
  readonly seen: string;
  readonly since: string;
}

/** Which numbers of a host's streams were seen. */
export interface Source {
  readonly stream: string;
  /** The number that comes next. */
  readonly next: number;
  /** Numbers below that have not come, from and to. */
  readonly holes: readonly (readonly [number, number])[];
  /** Streams before, newest first, with the number that would have come next. */
  readonly past: readonly { readonly stream: string; readonly next: number }[];
}

/** What a host said, and how it was heard. */
export interface HostFacts extends Pick<
  HostWorld,
  | "sequence"
  | "program"
  | "maintenance"
  | "hold"
  | "deploying"
  | "looked"
  | "clockAheadSeconds"
  | "backups"
  | "certificate"
  | "boot"
  | "receipts"
  | "counts"
> {
  readonly silentAfterSeconds: number;
  readonly heard: string | null;
  readonly freshness: {
    readonly state: "fresh" | "unreachable" | "unknown";
    readonly since: string;
  };
  readonly source: Source | null;
  /** What was said before that line may not hold any more, until the next look. */
  readonly gap: (Moment & { readonly reason: string }) | null;
  readonly engine: (Moment & { readonly answers: boolean; readonly reason: string }) | null;
  readonly plan: (NonNullable<HostWorld["plan"]> & { readonly services: readonly string[] }) | null;
  readonly services: Readonly<Record<string, ServiceFacts>>;
  readonly gates: Readonly<Record<string, GateFacts>>;
}

/** Before the first line. */
export const NOTHING: Facts = { sequence: 0, hosts: {} };

/** A host of which nothing was heard yet. */
export function unheard(silentAfterSeconds: number, at: string, sequence: number): HostFacts {
  return {
    sequence,
    silentAfterSeconds,
    heard: null,
    freshness: { state: "unknown", since: at },
    source: null,
    gap: null,
    program: null,
    engine: null,
    plan: null,
    maintenance: null,
    hold: null,
    deploying: null,
    looked: null,
    clockAheadSeconds: null,
    services: {},
    gates: {},
    backups: {},
    counts: { events: 0, late: 0, lost: 0 },
  };
}

/** The host once something may have happened there that nobody heard. */
export function withGap(host: HostFacts, { at, line }: Moment, reason: string): HostFacts {
  return { ...host, gap: { at: host.gap?.at ?? at, line, reason } };
}

/**
 * Records that a run over many lines made itself and has shown nobody: these, and no others, it
 * changes in place. Copying all services of a host for each of a million lines takes most of the time.
 */
export type OwnRecords = WeakSet<object>;
