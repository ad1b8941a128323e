// Tells one Observer what happens: one batch after another, each until it was taken. It never throws,
// and whoever tells it something never waits.
import { randomBytes } from "node:crypto";
import {
  EVENTS_VERSION,
  type Happening,
  type Look,
  type Receipt,
} from "../../../control-plane/contract/events.ts";
import type { Line } from "../line.ts";
import { wait } from "../wait.ts";
import { ask } from "./ask.ts";
import { backoffMs } from "./backoff.ts";
import { Bell } from "./bell.ts";
import { away, outcomeOf, type Outcome } from "./outcome.ts";
import { Outbox, type Numbered } from "./outbox.ts";
import { ALIVE_SECONDS, type FootPace } from "./pace.ts";
import type { Address } from "./settings.ts";
import { OBSERVER_TROUBLE, Troubles } from "./trouble.ts";

/** What a sender needs from the world. */
export interface SenderSurroundings {
  /** What the program was built from. */
  readonly build: string;
  /** Id of the kernel's boot. */
  readonly boot: string;
  readonly pace: FootPace;
  readonly look: () => Promise<Look>;
  readonly write: (line: Line) => void;
}

/** Tells one Observer, in streams of its own. */
export class Sender {
  readonly #address: Address;
  readonly #around: SenderSurroundings;
  readonly #troubles: Troubles;
  readonly #bell = new Bell();
  readonly #outbox: Outbox;
  #stream = newStream();
  /** The number that comes next. */
  #next = 1;
  /** Sent, and not acknowledged yet. */
  #sent: readonly Numbered[] = [];
  #failures = 0;
  /** When something was told last. Not the time of day, which may jump. */
  #toldAt = performance.now();
  /** When the next look is due; its last one was taken then. */
  #lookDueAt = performance.now();
  #lookedAt = -Infinity;
  /** Receipts in a row that wanted a look. */
  #wanted = 0;

  constructor(address: Address, around: SenderSurroundings, outbox: Outbox = new Outbox()) {
    this.#address = address;
    this.#around = around;
    this.#outbox = outbox;
    this.#troubles = new Troubles(OBSERVER_TROUBLE, address.url, around.write);
  }

  /** Something happened just now. */
  tell(happening: Happening): void {
    if (!this.#outbox.add({ time: new Date().toISOString(), happening })) this.#lookSoon();
    this.#bell.ring();
  }

  /** Something may have happened that nobody heard. */
  wantLook(): void {
    this.#lookSoon();
    this.#bell.ring();
  }

  /** Tells until the signal comes. */
  async run(signal: AbortSignal): Promise<void> {
    const { pace } = this.#around;
    while (!signal.aborted) {
      if (this.#sent.length === 0) {
        await this.#untilSomethingIsToBeTold(signal);
        await wait(pace.gatherMs, signal);
        if (performance.now() >= this.#lookDueAt) await this.#takeLook();
        this.#sent = this.#nextBatch();
        this.#next += this.#sent.length;
      }
      if (signal.aborted) return;
      const outcome = await this.#send(signal);
      if (signal.aborted) return;
      if (outcome.kind === "taken") this.#troubles.well();
      else this.#troubles.take(outcome.kind, outcome.reason);
      await wait(this.#follow(outcome), signal);
    }
  }

  #lookSoon(): void {
    const pause = this.#wanted === 0 ? 0 : this.#pauseOfLooks();
    this.#lookDueAt = Math.min(
      this.#lookDueAt,
      Math.max(performance.now(), this.#lookedAt + pause),
    );
  }

  /** The more looks did not help, the longer until the next one. */
  #pauseOfLooks(): number {
    return backoffMs(this.#around.pace.lookPauses, this.#wanted, Math.random());
  }

  async #untilSomethingIsToBeTold(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#outbox.isEmpty) {
      const due = Math.min(this.#lookDueAt, this.#toldAt + this.#around.pace.aliveMs);
      const left = due - performance.now();
      if (left <= 0) return;
      await this.#bell.wait(left, signal);
    }
  }

  async #takeLook(): Promise<void> {
    this.#lookedAt = performance.now();
    this.#lookDueAt = this.#lookedAt + this.#around.pace.lookEveryMs;
    this.#outbox.beginLook();
    const happening = await this.#around.look().catch(() => undefined);
    const time = new Date().toISOString();
    this.#outbox.endLook(happening && { time, happening });
  }

  #nextBatch(): Numbered[] {
    const { build, boot } = this.#around;
    const hello: Happening = { kind: "hello", build, boot, aliveSeconds: ALIVE_SECONDS };
    const first: Happening[] = this.#next === 1 ? [hello] : [];
    const isSilent = first.length === 0 && this.#outbox.isEmpty;
    return this.#outbox.take(
      this.#next,
      isSilent ? [{ kind: "alive" }] : first,
      new Date().toISOString(),
    );
  }

  async #send(signal: AbortSignal): Promise<Outcome> {
    const { host } = this.#address;
    const batch = { version: EVENTS_VERSION, host, stream: this.#stream, events: this.#sent };
    try {
      const { answerMs } = this.#around.pace;
      const question = { method: "POST", path: "/events", body: JSON.stringify(batch) } as const;
      const answer = await ask(this.#address, question, answerMs, signal);
      return this.#checked(outcomeOf(answer, this.#stream));
    } catch (error) {
      return away(error instanceof Error ? error.message : String(error));
    }
  }

  /** An answer that acknowledges nothing would be asked for again and again. */
  #checked(outcome: Outcome): Outcome {
    const [first] = this.#sent;
    if (outcome.kind !== "taken" || !first || outcome.receipt.upTo >= first.number) return outcome;
    return away("it acknowledges nothing");
  }

  /** Does what follows from an outcome, and answers how long to wait then. */
  #follow(outcome: Outcome): number {
    const { pace } = this.#around;
    switch (outcome.kind) {
      case "taken":
        this.#failures = 0;
        this.#taken(outcome.receipt);
        return 0;
      case "away":
        this.#failures += 1;
        return Math.max(outcome.afterMs, backoffMs(pace.awayPauses, this.#failures, Math.random()));
      case "refused":
        return pace.refusedMs;
      case "unfit":
        // What was sent can never be told, and a number left out would be missed for ever.
        this.#stream = newStream();
        this.#next = 1;
        this.#sent = [];
        this.#lookDueAt = performance.now();
        return pace.refusedMs;
    }
  }

  #taken({ upTo, lookWanted }: Receipt): void {
    this.#sent = this.#sent.filter(({ number }) => number > upTo);
    this.#toldAt = performance.now();
    this.#wanted = lookWanted ? this.#wanted + 1 : 0;
    if (lookWanted) this.#lookSoon();
  }
}

function newStream(): string {
  return randomBytes(16).toString("hex");
}
