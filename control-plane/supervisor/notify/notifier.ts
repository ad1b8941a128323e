// Tells a person what the Supervisor found. What is to be told is on the disk before it counts as
// told, and is sent after that: a crash in between makes no message twice, and loses none.
import { join } from "node:path";
import type { Action } from "../../contract/actions.ts";
import type { Worlds } from "../../contract/observed.ts";
import type { Memory } from "../../contract/supervisor-state.ts";
import { readAs } from "../../contract/read-as.ts";
import { asLine } from "../../contract/words.ts";
import { canonical } from "../../../model/fingerprint.ts";
import type { Desired } from "../desired.ts";
import type { Recommendation } from "../recommend.ts";
import { Delivery, type DeliverySurroundings } from "./delivery.ts";
import { digestOf, lastDue } from "./digest.ts";
import type { Message } from "./message.ts";
import { outboxFolder } from "./outbox.ts";
import type { NotifySettings } from "./settings.ts";
import {
  BLIND,
  newsOf,
  NOTHING_TOLD,
  toldSchema,
  type Compared,
  type Told,
  type ToldIncident,
} from "./told.ts";
import { messageFor } from "./wording.ts";

/** What a comparison found, and what it was found in. */
export interface Found {
  readonly desired: Desired;
  readonly worlds: Worlds;
  readonly queue: readonly Action[];
  /** Memory of the comparison before. */
  readonly before: Memory;
  readonly found: Recommendation;
  readonly now: number;
}

/** How a notifier is set up. */
export interface NotifierArgs extends Omit<DeliverySurroundings, "settings"> {
  readonly settings: NotifySettings;
}

/** No part of ours takes as long to start again. */
const BLIND_MS = 10 * 60_000;

/** Tells the targets of its settings. */
export class Notifier {
  readonly #args: NotifierArgs;
  readonly #deliveries: readonly Delivery[];
  readonly #path: string;
  #told: Told;
  /** What was told nobody knows, so what there is now counts as told. */
  #isLost = false;
  #blindSince: number | undefined;

  /** What was told before it ended it knows again. */
  constructor(args: NotifierArgs) {
    this.#args = args;
    this.#deliveries = args.settings.targets.map((target) => new Delivery(target, args));
    this.#path = join(outboxFolder(args.root), "told.json");
    const text = args.disk.read(this.#path);
    const read = readAs(toldSchema, text ?? "");
    this.#told = read ?? NOTHING_TOLD;
    if (text === undefined || read) return;
    this.#isLost = true;
    args.complain(`${this.#path} cannot be read; what is not well now counts as told`);
  }

  /** Tells what is news in a comparison; what waits from before is sent after that. */
  tell({ desired, worlds, queue, before, found, now }: Found): void {
    const isBlindNoMore = this.#blindSince !== undefined;
    this.#blindSince = undefined;
    const { seen, memory } = found;
    const compared: Compared = {
      desired,
      seen,
      before: before.appearances,
      after: memory.appearances,
      blindUntil: isBlindNoMore ? new Date(now).toISOString() : undefined,
      pace: {
        tellAfterMs: this.#args.settings.tellAfterSeconds * 1000,
        endAfterMs: this.#args.settings.endAfterSeconds * 1000,
      },
      now,
    };
    const { told: incidents, news } = newsOf(this.#told.incidents, compared);
    const messages = this.#isLost ? [] : news.map((one) => messageFor(one, now));
    const due = lastDue(this.#args.settings.digest, now);
    const isDue = this.#told.digest !== null && Date.parse(this.#told.digest) < due;
    if (isDue) {
      const open = queue.filter(({ id }) => found.closing[id] === undefined);
      const actions = [...open, ...found.actions];
      messages.push(digestOf({ desired, worlds, actions, seen, now }, due));
    }
    const digest =
      isDue || this.#told.digest === null ? new Date(now).toISOString() : this.#told.digest;
    this.#keep(messages, { version: 1, digest, incidents });
    this.#isLost = false;
    for (const delivery of this.#deliveries) delivery.go();
  }

  /** Nobody can tell how the hosts are: worth a message when it lasts longer than any restart. */
  blind(why: string, now: number): void {
    this.#blindSince ??= now;
    const { incidents } = this.#told;
    if (now - this.#blindSince >= BLIND_MS && !incidents[BLIND.key]) {
      const as: ToldIncident = {
        at: new Date(now).toISOString(),
        since: new Date(this.#blindSince).toISOString(),
        cause: BLIND.cause,
        detail: asLine(`cannot tell how any host is: ${why}`),
        severity: "critical",
        absorbed: false,
      };
      const message = messageFor({ kind: "began", key: BLIND.key, incident: undefined, as }, now);
      this.#keep([message], { ...this.#told, incidents: { ...incidents, [BLIND.key]: as } });
    }
    for (const delivery of this.#deliveries) delivery.go();
  }

  /** Nothing is sent from now on. */
  stop(): void {
    for (const delivery of this.#deliveries) delivery.stop();
  }

  #keep(messages: readonly Message[], told: Told): void {
    for (const message of messages) for (const each of this.#deliveries) each.put(message);
    const text = `${canonical(told)}\n`;
    if (text !== `${canonical(this.#told)}\n` || this.#isLost) {
      this.#args.disk.write(this.#path, text);
    }
    this.#told = told;
  }
}
