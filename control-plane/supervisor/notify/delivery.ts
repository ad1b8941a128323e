// Takes the messages of one target to it, one after another, each until it was taken or given up.
import type { Disk } from "../../disk/disk.ts";
import type { Message, Severity } from "./message.ts";
import { Outbox } from "./outbox.ts";
import type { Answer, Post, Poster } from "./post.ts";
import type { NotifySettings, Target } from "./settings.ts";

/** What a delivery needs from the world. */
export interface DeliverySurroundings {
  readonly disk: Disk;
  readonly root: string;
  readonly post: Poster;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly complain: (message: string) => void;
  readonly settings: Pick<NotifySettings, "deadAfterDays">;
  /** Shortest and longest pause after a failure, in milliseconds. @default 2 s and 1 min */
  readonly pauses?: { readonly firstMs: number; readonly longestMs: number };
}

const PAUSES = { firstMs: 2000, longestMs: 60_000 };
const DAY_MS = 24 * 3600_000;
/** Whoever asks for a longer pause than this gets this one. */
const LONGEST_RETRY_AFTER_SECONDS = 600;
/** Refused because of who asks, or where: it may be mended without this message changing. */
const OF_THE_TARGET = [401, 403, 404, 405, 407];
/** Refused for now: too slow, too early, too many. */
const PASSING = [408, 425, 429];

/** ntfy's own numbers, https://docs.ntfy.sh/publish/#message-priority. */
const PRIORITIES: Readonly<Record<Severity, number>> = { critical: 5, warning: 4, info: 2 };

/** What became of a try. */
type Outcome =
  | { readonly kind: "taken" }
  /** This message is never taken. */
  | { readonly kind: "unfit"; readonly why: string }
  /** Again, and not before. */
  | { readonly kind: "later"; readonly why: string; readonly afterMs: number };

/** The way to one target. */
export class Delivery {
  readonly #target: Target;
  readonly #around: DeliverySurroundings;
  readonly #outbox: Outbox;
  #failures = 0;
  #complained = false;
  #timer: NodeJS.Timeout | undefined;
  #isUnderWay = false;
  #isWanted = false;
  #isOver = false;

  constructor(target: Target, around: DeliverySurroundings) {
    this.#target = target;
    this.#around = around;
    this.#outbox = new Outbox(around.disk, around.root, target.name);
  }

  /** Keeps a message; it is on the disk when this returns. */
  put(message: Message): void {
    this.#outbox.put(message);
  }

  /** Goes on with what waits, unless it is at it, or pauses after a failure. */
  go(): void {
    this.#isWanted = true;
    if (this.#isUnderWay || this.#isOver || this.#timer) return;
    this.#isUnderWay = true;
    this.#isWanted = false;
    void this.#turn()
      .catch((error: unknown) => this.#failed(textOf(error), 0))
      .then((pauseMs) => {
        this.#isUnderWay = false;
        if (this.#isOver) return;
        if (pauseMs === undefined) {
          // What came while it found nothing left.
          if (this.#isWanted) this.go();
          return;
        }
        this.#timer = setTimeout(() => {
          this.#timer = undefined;
          this.go();
        }, pauseMs);
      });
  }

  /** Nothing is sent from now on; what waits waits on the disk. */
  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /** All that waits; answers how long to pause after a failure, undefined when nothing waits. */
  async #turn(): Promise<number | undefined> {
    for (;;) {
      const waiting = this.#isOver ? undefined : this.#outbox.next();
      if (!waiting) return undefined;
      const { name, message } = waiting;
      const outcome = await this.#try(message);
      switch (outcome.kind) {
        case "taken":
          this.#outbox.taken(name);
          this.#well();
          break;
        case "unfit":
          this.#outbox.giveUp(name, outcome.why);
          this.#around.complain(`${this.#target.name} takes a message never: ${outcome.why}`);
          break;
        case "later": {
          const { now, settings } = this.#around;
          const isOld = now() - Date.parse(message.at) > settings.deadAfterDays * DAY_MS;
          if (isOld) this.#outbox.giveUp(name, outcome.why);
          return this.#failed(outcome.why, outcome.afterMs);
        }
      }
    }
  }

  async #try(message: Message): Promise<Outcome> {
    try {
      return outcomeOf(await this.#around.post(this.#postOf(message)));
    } catch (error) {
      return { kind: "later", why: textOf(error), afterMs: 0 };
    }
  }

  #postOf(message: Message): Post {
    const target = this.#target;
    // Read each time: a deployment may have written another one.
    const token =
      target.tokenFile === undefined
        ? undefined
        : this.#around.disk.read(target.tokenFile)?.trim() || undefined;
    if (target.tokenFile !== undefined && token === undefined) {
      throw new Error(`${target.tokenFile} holds no token; deploy the VPS`);
    }
    const body = target.kind === "ntfy" ? ntfyBody(target.topics, message) : message;
    return { url: target.url, body, ...(token !== undefined && { token }) };
  }

  #failed(why: string, afterMs: number): number {
    this.#failures += 1;
    if (!this.#complained) {
      this.#complained = true;
      this.#around.complain(
        `${this.#target.name} is not told: ${why}; what waits is kept, and tried again`,
      );
    }
    const { firstMs, longestMs } = this.#around.pauses ?? PAUSES;
    return Math.max(afterMs, Math.min(firstMs * 2 ** (this.#failures - 1), longestMs));
  }

  #well(): void {
    if (this.#complained) this.#around.complain(`${this.#target.name} is told again`);
    this.#complained = false;
    this.#failures = 0;
  }
}

function outcomeOf({ status, retryAfterSeconds = 0 }: Answer): Outcome {
  if (status >= 200 && status < 300) return { kind: "taken" };
  const why = `it answers with status ${status}`;
  const mayPass = PASSING.includes(status) || OF_THE_TARGET.includes(status);
  if (status >= 400 && status < 500 && !mayPass) return { kind: "unfit", why };
  const seconds = Math.min(retryAfterSeconds, LONGEST_RETRY_AFTER_SECONDS);
  return { kind: "later", why, afterMs: seconds * 1000 };
}

/** As JSON, in which a title may have any letter; without Markdown a text is plain. */
function ntfyBody(
  topics: Readonly<Record<Severity, string>>,
  { kind, severity, title, text }: Message,
): object {
  return {
    topic: topics[severity],
    title,
    message: text,
    priority: kind === "began" ? PRIORITIES[severity] : PRIORITIES.info,
    tags: [kind],
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
