// One stream of server-sent events (html.spec.whatwg.org/multipage/server-sent-events.html).
import type { ServerResponse } from "node:http";
import { HEARTBEAT_SECONDS } from "../../contract/page-api.ts";

/** Who has not taken what was sent for so long is let go. */
const STUCK_MS = 60_000;
/** Who does not take the end of a stream either. */
const END_MS = 2000;

/** Headers of a stream: nothing on the way keeps it back, or makes it smaller. */
export const STREAM_HEADERS = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-store, no-transform",
  "X-Accel-Buffering": "no",
  Connection: "keep-alive",
} as const;

/** A stream to one page. */
export class Stream {
  readonly #to: ServerResponse;
  readonly #beat: NodeJS.Timeout;
  #stuckSince: number | undefined;

  /** @param to its head is written */
  constructor(to: ServerResponse) {
    this.#to = to;
    this.#beat = setInterval(() => this.#write(":\n\n"), HEARTBEAT_SECONDS * 1000).unref();
    to.once("close", () => clearInterval(this.#beat));
    to.on("drain", () => (this.#stuckSince = undefined));
    // Somebody who goes in the middle of a line is no fault of ours.
    to.on("error", () => to.destroy());
    // After a break a browser asks again, this much later.
    this.#write("retry: 3000\n\n");
  }

  /**
   * Sends the state. Each is whole, so while a slow page has not taken one yet it is sent no other:
   * once it has, the next one tells it all. So nothing piles up.
   */
  send(json: string): void {
    this.#write(`event: state\ndata: ${json}\n\n`);
  }

  /** Ends it. */
  end(): void {
    clearInterval(this.#beat);
    this.#to.end();
    setTimeout(() => this.#to.destroy(), END_MS).unref();
  }

  #write(text: string): void {
    // It may have ended while what was read for all was on its way to each.
    if (this.#to.writableEnded || this.#to.destroyed) return;
    if (this.#stuckSince !== undefined) {
      if (Date.now() - this.#stuckSince > STUCK_MS) this.#to.destroy();
      return;
    }
    if (!this.#to.write(text) && this.#to.writableNeedDrain) this.#stuckSince = Date.now();
  }
}
