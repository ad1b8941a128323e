// The Observer without its door: keeps the log, makes the world of it, notices silence, and removes
// what is too old.
import type { Batch, Receipt } from "../contract/events.ts";
import type { ObserverHealth } from "../contract/observer-health.ts";
import { asLine } from "../contract/words.ts";
import { factsText } from "../fold/facts-file.ts";
import type { Disk } from "./disk.ts";
import type { Facts } from "../fold/facts.ts";
import { Ledger } from "./ledger.ts";
import type { Places } from "./places.ts";
import { trim, writeSnapshot, type Caps } from "./retention.ts";
import { Silence } from "./silence.ts";
import { WorldFiles } from "./world-files.ts";

/** What an Observer is told. */
export interface ObserverSettings {
  readonly build: string;
  readonly places: Places;
  /** Seconds of silence after which a host is unreachable, by host; those are all hosts. */
  readonly silentAfterSeconds: Readonly<Record<string, number>>;
  readonly keep: Caps;
  /** Length in bytes at which a file of the log is ended. @default 8 MiB */
  readonly segmentBytes?: number;
  /** Milliseconds since 1970. @default the clock of this computer */
  readonly now?: () => number;
}

/** What is tried again when the disk did not take it. */
type Tried = "world" | "checkpoint" | "old days" | "snapshot";

/** Takes what hosts say and keeps the world. */
export class Observer {
  readonly #disk: Disk;
  readonly #settings: ObserverSettings;
  readonly #now: () => number;
  readonly #ledger: Ledger;
  readonly #world: WorldFiles;
  readonly #silence = new Silence();
  readonly #began: string;
  /** By what was tried, what the disk said last. */
  readonly #troubles = new Map<Tried, string>();
  #checkpointed = -1;
  #snapshotDay: string | undefined;

  private constructor(disk: Disk, settings: ObserverSettings, ledger: Ledger) {
    this.#disk = disk;
    this.#settings = settings;
    this.#now = settings.now ?? Date.now;
    this.#ledger = ledger;
    this.#world = new WorldFiles(disk, settings.places.world);
    this.#began = new Date(this.#now()).toISOString();
    this.#snapshotDay = ledger.segments.at(-1)?.day;
  }

  /**
   * Reads what is there, says that it is here and which hosts there are, and writes the world.
   * @throws what the disk says when it cannot be read; one that is full keeps it from nothing
   */
  static async open(disk: Disk, settings: ObserverSettings): Promise<Observer> {
    const { places, segmentBytes, now } = settings;
    const observer = new Observer(
      disk,
      settings,
      await Ledger.open(disk, places, segmentBytes, now),
    );
    await observer.#announce();
    return observer;
  }

  /** All that is known. */
  get facts(): Facts {
    return this.#ledger.facts;
  }

  /**
   * Takes a batch, whose sender is who it says.
   * @returns when all of it is on the disk
   * @throws NotWritable when the disk takes nothing
   */
  async take(batch: Batch): Promise<Receipt> {
    const receipt = await this.#ledger.take(batch);
    this.#silence.heard(batch.host);
    return receipt;
  }

  /**
   * Counts time in which something could have been heard, and notes who has been silent too long.
   * @param seconds how long was listened since the last time
   */
  async listened(seconds: number): Promise<void> {
    const hosts = Object.entries(this.facts.hosts);
    this.#silence.listened(Object.keys(this.facts.hosts), seconds);
    const silent = hosts.filter(([host, { freshness, silentAfterSeconds }]) => {
      return freshness.state === "fresh" && this.#silence.of(host) >= silentAfterSeconds;
    });
    const notes = silent.map(([host]) => this.#ledger.note({ kind: "silent", host }));
    // The log says why it took none; the next time it is tried again.
    await Promise.allSettled(notes);
  }

  /** Writes what of the world has changed. */
  writeWorld(): Promise<void> {
    return this.#try("world", () => this.#world.write(this.facts));
  }

  /** Writes the checkpoint, if there is something new. */
  async writeCheckpoint(): Promise<void> {
    const { facts } = this;
    if (facts.sequence === this.#checkpointed) return;
    await this.#try("checkpoint", async () => {
      await this.#disk.put(this.#settings.places.checkpoint, factsText(facts), true);
      this.#checkpointed = facts.sequence;
    });
  }

  /** Removes what is beyond the caps, and once a day sees to it that this needs no room. */
  async trim(): Promise<void> {
    const { places, keep } = this.#settings;
    await this.#try("old days", () =>
      this.#ledger.removing((segments) =>
        trim(this.#disk, places.events, places.snapshots, segments, keep, this.facts),
      ),
    );
    const day = this.#ledger.segments.at(-1)?.day;
    if (day === this.#snapshotDay) return;
    await this.#try("snapshot", async () => {
      await writeSnapshot(this.#disk, places.snapshots, this.facts);
      this.#snapshotDay = day;
    });
  }

  /**
   * How the Observer is.
   * @param door what its door knows
   */
  health(door: {
    readonly denied: number;
    readonly withoutToken: readonly string[];
  }): ObserverHealth {
    const { sequence } = this.facts;
    const { problem, read, taken, segments } = this.#ledger;
    const [trouble] = this.#troubles.values();
    return {
      version: 1,
      build: this.#settings.build,
      at: new Date(this.#now()).toISOString(),
      began: this.#began,
      sequence,
      writable: problem === undefined,
      problem: problem ?? trouble ?? null,
      read,
      taken: { ...taken, denied: door.denied },
      kept: {
        bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
        since: segments[0]?.day ?? null,
      },
      withoutToken: [...door.withoutToken],
    };
  }

  /** Finishes what waits, and writes world and checkpoint. */
  async close(): Promise<void> {
    await this.#ledger.close();
    await this.writeWorld();
    await this.writeCheckpoint();
  }

  async #announce(): Promise<void> {
    const { build, silentAfterSeconds } = this.#settings;
    const notes = [this.#ledger.note({ kind: "began", build })];
    const known = Object.entries(this.facts.hosts);
    const isKnown =
      known.length === Object.keys(silentAfterSeconds).length &&
      known.every(([host, facts]) => silentAfterSeconds[host] === facts.silentAfterSeconds);
    if (!isKnown) notes.push(this.#ledger.note({ kind: "declared", silentAfterSeconds }));
    await Promise.allSettled(notes);
    await this.writeWorld();
    await this.#try("world", () => this.#world.removeOthers(this.facts));
  }

  async #try(what: Tried, task: () => Promise<void>): Promise<void> {
    try {
      await task();
      this.#troubles.delete(what);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#troubles.set(what, asLine(`${what}: ${reason}`));
    }
  }
}
