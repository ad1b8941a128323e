// What was known at a moment that is past: the lines of the log up to there, folded as the Observer
// folds them.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { logFileName, type LogFile } from "../../contract/log-files.ts";
import type { Past } from "../../contract/page-api.ts";
import { NOTHING, unheard, type Facts, type OwnRecords } from "../../fold/facts.ts";
import { factsIn } from "../../fold/facts-file.ts";
import { foldOn } from "../../fold/fold.ts";
import { worldOf } from "../../fold/project.ts";
import { linesOf } from "./log-lines.ts";
import { logFiles } from "./log-folder.ts";

/** Facts that are kept on the way, so that another moment needs not the whole log. */
const MOST_KEPT = 8;

/** Facts after all lines up to one. */
interface Kept {
  readonly facts: Facts;
  /** When the last of them was received, in milliseconds since 1970. */
  readonly at: number;
}

/** Reads moments of the log, one after the other. */
export class PastReader {
  readonly #events: string;
  #kept: readonly Kept[] = [];

  /** @param events folder of the log */
  constructor(events: string) {
    this.#events = events;
  }

  /**
   * What was known at a moment.
   * @param at undefined: only how far the log goes back
   * @param now milliseconds since 1970
   */
  async read(at: string | undefined, now: number): Promise<Past> {
    const files = await logFiles(this.#events);
    const from = await this.#firstAt(files);
    const past: Past = { version: 1, from, to: new Date(now).toISOString(), moment: null };
    if (at === undefined || from === null || at < from) return past;
    const facts = await this.#factsAt(files, from, Date.parse(at));
    const hosts = Object.entries(facts.hosts).map(([host, known]) => {
      const { boot: _boot, receipts: _receipts, ...world } = worldOf(host, known);
      return world;
    });
    return { ...past, moment: { at, sequence: facts.sequence, hosts } };
  }

  async #firstAt(files: readonly LogFile[]): Promise<string | null> {
    for (const file of files) {
      for await (const { at } of linesOf(this.#pathOf(file))) return at;
    }
    return null;
  }

  async #factsAt(files: readonly LogFile[], from: string, until: number): Promise<Facts> {
    const known = (await this.#starts(files, from)).filter(({ at }) => at <= until);
    let { facts } = known.reduce((best, one) =>
      one.facts.sequence > best.facts.sequence ? one : best,
    );
    const each = Math.max(1, Math.ceil(files.length / MOST_KEPT));
    const next = files.findIndex(({ first }) => first > facts.sequence + 1);
    const begin = next === -1 ? files.length - 1 : Math.max(0, next - 1);
    for (const [index, file] of files.entries()) {
      // Of a file with several beginnings all are read; what is known already is passed over.
      if (index < begin && file.first !== files[begin]?.first) continue;
      const records: OwnRecords = new WeakSet();
      let at = -Infinity;
      for await (const line of linesOf(this.#pathOf(file))) {
        at = Date.parse(line.at);
        if (at > until) return facts;
        if (line.sequence > facts.sequence) facts = foldOn(facts, line, records);
      }
      // What is kept is changed by nobody: the next file makes records of its own.
      if (index % each === each - 1 && index < files.length - 1) this.#keep({ facts, at });
    }
    return facts;
  }

  #keep(one: Kept): void {
    const others = this.#kept.filter(({ facts }) => facts.sequence !== one.facts.sequence);
    this.#kept = [...others, one].slice(-MOST_KEPT);
  }

  /** From where a moment can be computed: the beginning of the log, its snapshots, what is kept. */
  async #starts(files: readonly LogFile[], from: string): Promise<Kept[]> {
    const first = files[0]?.first ?? 1;
    const snapshots = await this.#snapshots();
    // Which hosts there were before the first line that is kept, a snapshot says, and no more.
    const [snapshot] = snapshots;
    const hosts = Object.entries(snapshot?.facts.hosts ?? {}).map(([host, known]) => {
      return [host, unheard(known.silentAfterSeconds, from, first - 1)] as const;
    });
    const beginning =
      first === 1 ? NOTHING : { sequence: first - 1, hosts: Object.fromEntries(hosts) };
    this.#kept = this.#kept.filter(({ facts }) => facts.sequence >= first - 1);
    return [{ facts: beginning, at: -Infinity }, ...snapshots, ...this.#kept];
  }

  async #snapshots(): Promise<Kept[]> {
    const folder = join(this.#events, "snapshots");
    const names = await readdir(folder).catch(() => []);
    const texts = names
      .filter((name) => name.endsWith(".json"))
      .map((name) => readFile(join(folder, name), "utf8").catch(() => ""));
    return (await Promise.all(texts)).flatMap((text) => {
      const facts = factsIn(text);
      if (!facts) return [];
      const moments = Object.values(facts.hosts)
        .flatMap(({ heard, freshness }) => [heard ?? freshness.since, freshness.since])
        .map((at) => Date.parse(at));
      // When the last of it was said; a snapshot of nobody says no moment.
      return moments.length === 0 ? [] : [{ facts, at: Math.max(...moments) }];
    });
  }

  #pathOf(file: LogFile): string {
    return join(this.#events, file.day, logFileName(file));
  }
}
