// An ntfy that refuses what the real one refuses, with its statuses: docs.ntfy.sh/publish/#limitations
// and what its server answers to POST / (2.x, without attachments).
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The token that it knows. */
export const TOKEN = `tk_${"t".repeat(29)}`;
/** Topics that the token may write to. */
export const TOPICS = { critical: "test-critical", warning: "test-warning", info: "test-info" };

const LONGEST_MESSAGE_BYTES = 4096;
/** Of JSON it reads twice as much. */
const LONGEST_BODY_BYTES = 2 * LONGEST_MESSAGE_BYTES;
const TOPIC = /^[-_A-Za-z0-9]{1,64}$/;
const KNOWN = ["topic", "title", "message", "priority", "tags"];

/** A message that it took. */
export interface Taken {
  readonly topic: string;
  readonly title: string;
  readonly message: string;
  readonly priority: number;
  readonly tags: readonly string[];
}

/** An ntfy on the loopback. */
export class ImitatedNtfy {
  readonly taken: Taken[] = [];
  /** What it answered, in order. */
  readonly statuses: number[] = [];
  /** So many requests are let through, and no more until there are new ones. */
  burst = Infinity;
  /** Answered instead, whatever comes. */
  instead: number | undefined;
  #server: Server | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  async comes(): Promise<this> {
    const server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  async goes(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => (this.#server ? this.#server.close(resolve) : resolve(0)));
    this.#server = undefined;
  }

  /** Titles of what it took, in order. */
  get titles(): string[] {
    return this.taken.map(({ title }) => title);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const status = this.#judge(request, Buffer.concat(chunks));
    this.statuses.push(status);
    response.writeHead(status, status === 429 ? { "Retry-After": "0" } : {}).end("{}");
  }

  #judge({ method, url, headers }: IncomingMessage, body: Buffer): number {
    if (this.instead !== undefined) return this.instead;
    if (this.burst <= 0) return 429;
    this.burst -= 1;
    if (method !== "POST" || url !== "/") return 404;
    if (headers.authorization !== `Bearer ${TOKEN}`) return 401;
    if (body.length > LONGEST_BODY_BYTES) return 413;
    let sent: Taken;
    try {
      sent = JSON.parse(body.toString("utf8")) as Taken;
    } catch {
      return 400;
    }
    if (!TOPIC.test(sent.topic) || !(sent.priority >= 1 && sent.priority <= 5)) return 400;
    if (!Object.values(TOPICS).includes(sent.topic)) return 403;
    // It would make an attachment of it, and has no room for any.
    if (Buffer.byteLength(sent.message) > LONGEST_MESSAGE_BYTES) return 400;
    // Markdown, a click, an action, an attachment: nobody here has a use for them.
    if (Object.keys(sent).some((key) => !KNOWN.includes(key))) return 400;
    this.taken.push(sent);
    return 200;
  }
}
