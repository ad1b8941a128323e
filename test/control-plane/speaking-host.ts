// A host before parts that may be gone at any moment: it tells again what nobody acknowledged, and
// does what it fetched once, as the program on a host does.
import { setTimeout as pause } from "node:timers/promises";
import { receiptSchema, type Happening } from "../../control-plane/contract/events.ts";
import { workSchema, type Step, type Work } from "../../control-plane/contract/work.ts";
import { batch } from "./observer/room.ts";
import { HOST, TOKEN, type MortalParts } from "./mortal-parts.ts";

const AGAIN_MS = 30;
/** The Executor answers within 25 s that there is nothing. */
const ANSWER_MS = 60_000;

/** Tells and fetches until `over`. */
export class SpeakingHost {
  readonly #parts: MortalParts;
  #next: number;
  #telling: Promise<void> = Promise.resolve();
  isOver = false;
  /** Numbers up to this one were acknowledged. */
  acknowledged: number;
  /** Ids of what it was handed, in order. */
  readonly got: string[] = [];
  /** Ids of what it did. */
  readonly acted: string[] = [];
  /** Steps of which somebody took note, e.g. "began 3f…". */
  readonly heard: string[] = [];

  /** @param told so many things were told before */
  constructor(parts: MortalParts, told: number) {
    this.#parts = parts;
    this.#next = told + 1;
    this.acknowledged = told;
  }

  /** Tells until all of it is acknowledged, after what is being told. */
  tell(...happenings: readonly Happening[]): Promise<void> {
    const first = this.#next;
    this.#next += happenings.length;
    const next = this.#telling.then(() => this.#tell(first, happenings));
    this.#telling = next;
    return next;
  }

  async #tell(first: number, happenings: readonly Happening[]): Promise<void> {
    const last = first + happenings.length - 1;
    while (this.acknowledged < last && !this.isOver) {
      // What was acknowledged is sent again as well: nothing of it may be there twice.
      const body = JSON.stringify(batch(HOST, first, happenings));
      const answer = await this.#ask("observer", "/events", body);
      if (answer?.status === 200) {
        this.acknowledged = receiptSchema.parse(JSON.parse(answer.text)).upTo;
      } else await pause(AGAIN_MS);
    }
  }

  /**
   * Fetches and does, one thing after another.
   * @param act what is done with a target
   * @param dawdle before it begins, and before it says the end
   */
  async work(act: (target: string) => Promise<void>, dawdle: () => Promise<void>): Promise<void> {
    while (!this.isOver) {
      const answer = await this.#ask("executor", "/work");
      if (answer?.status !== 200) {
        await pause(AGAIN_MS);
        continue;
      }
      const work = workSchema.parse(JSON.parse(answer.text));
      this.got.push(work.id);
      await dawdle();
      if (!(await this.#say(work, "began"))) continue;
      this.acted.push(work.id);
      await act(work.binding.target);
      await dawdle();
      await this.#say(work, "ended");
    }
  }

  /** "ended" again and again until it is heard, for nobody else knows it. */
  async #say({ id }: Work, step: Step): Promise<boolean> {
    const body = JSON.stringify({ version: 1, ok: true, said: step });
    for (;;) {
      const answer = await this.#ask("executor", `/work/${id}/${step}`, body);
      if (answer?.status === 200) this.heard.push(`${step} ${id}`);
      if (answer !== undefined) return answer.status === 200;
      if (step !== "ended" || this.isOver) return false;
      await pause(AGAIN_MS);
    }
  }

  /** An answer; undefined when there was none, or the part was not able to give one. */
  async #ask(part: "observer" | "executor", path: string, body?: string) {
    const port = this.#parts.port(part);
    if (port === undefined) return undefined;
    try {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
        signal: AbortSignal.timeout(ANSWER_MS),
        ...(body === undefined ? {} : { method: "POST", body }),
      });
      const { status } = answer;
      const text = await answer.text();
      return status >= 500 ? undefined : { status, text };
    } catch {
      return undefined;
    }
  }
}
