// What one Observer was told of the copies of this host: all of them by each look, and what is new
// between two. Reading takes a while, and a look is told as of its beginning: told beside one, a copy
// would be told twice, or an older one after a newer.
import type { Look } from "../../../control-plane/contract/events.ts";
import { agesOf, isSameCopy, type Copies } from "./copies.ts";
import type { Sender } from "./sender.ts";

/** Folders of the records, by job. */
type Folders = ReadonlyMap<string, string>;

/** The copies that one Observer knows. */
export class ToldCopies {
  readonly #read: (folders: Folders) => Promise<Copies>;
  /** A look finds them. */
  #folders: Folders = new Map();
  #told: Copies = new Map();
  /** How many looks were begun. */
  #looks = 0;
  #isLooking = false;

  /** @param read says what the records in the folders say */
  constructor(read: (folders: Folders) => Promise<Copies>) {
    this.#read = read;
  }

  /**
   * All of them, for a look that begins with this call. One look is taken after another.
   * @param found what the look finds the folders to be; undefined where nobody can say
   */
  async look(found: Promise<Folders | undefined>): Promise<Look["backups"]> {
    this.#looks += 1;
    this.#isLooking = true;
    try {
      this.#folders = (await found) ?? this.#folders;
      this.#told = await this.#read(this.#folders);
      return agesOf(this.#told, Date.now());
    } finally {
      this.#isLooking = false;
    }
  }

  /** Tells what is new, unless a look is taken, which tells all of them. */
  async tell(sender: Pick<Sender, "tell" | "wantLook">): Promise<void> {
    if (this.#isLooking) return;
    const looks = this.#looks;
    const copies = await this.#read(this.#folders);
    if (looks !== this.#looks) return;
    const before = this.#told;
    this.#told = copies;
    const news = [...copies].filter(([job, copy]) => !isSameCopy(before.get(job), copy));
    for (const age of agesOf(new Map(news), Date.now())) sender.tell({ kind: "backup", ...age });
    // That nobody can tell any more has no word of its own.
    if ([...before.keys()].some((job) => !copies.has(job))) sender.wantLook();
  }
}
