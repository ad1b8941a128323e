// The Observer's door: `POST /events` for hosts, `GET /healthz` for whoever asks. Who has no token
// is turned away before a byte of what is sent is read.
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import { bearerOf, holderOf } from "../contract/bearer.ts";
import { batchSchema, LONGEST_BATCH_BYTES, type Batch, type Receipt } from "../contract/events.ts";
import type { Denial } from "./denials.ts";
import { NotWritable } from "./ledger.ts";
import type { Tokens } from "./tokens.ts";

/** What the door leads to. */
export interface Behind {
  readonly build: string;
  readonly tokens: () => Tokens;
  /** @throws NotWritable when nothing is acknowledged */
  readonly take: (batch: Batch) => Promise<Receipt>;
  readonly isWritable: () => boolean;
  readonly denied: (denial: Denial) => void;
}

/** Batches of one host that may wait at once, so that no host fills the queue of all. */
const MOST_WAITING = 2;
/** Seconds until a host may try again where the disk takes nothing. */
const RETRY_SECONDS = "5";
const MOST_CONNECTIONS = 128;
const REQUEST_MS = 20_000;
const HEADERS_MS = 10_000;
const HEADER_BYTES = 8192;

/** An answer that is no receipt. */
class Answer extends Error {
  constructor(
    readonly status: number,
    reason: string,
    readonly headers: OutgoingHttpHeaders = {},
  ) {
    super(reason);
  }
}

/** The server, which does not listen yet. */
export function makeDoor(behind: Behind): Server {
  const waiting = new Map<string, number>();
  const server = createServer(
    { requestTimeout: REQUEST_MS, headersTimeout: HEADERS_MS, maxHeaderSize: HEADER_BYTES },
    (request, response) => {
      answer(behind, waiting, request).then(
        (body) => send(response, 200, body),
        (error: unknown) => refuse(request, response, error),
      );
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

async function answer(
  behind: Behind,
  waiting: Map<string, number>,
  request: IncomingMessage,
): Promise<object> {
  switch (request.url) {
    case "/healthz":
      if (request.method !== "GET") throw new Answer(405, "only GET", { Allow: "GET" });
      // Who has no token learns no more than that it is here.
      return { status: behind.isWritable() ? "ok" : "not writing", build: behind.build };
    case "/events":
      if (request.method !== "POST") throw new Answer(405, "only POST", { Allow: "POST" });
      return takeEvents(behind, waiting, request);
    default:
      throw new Answer(404, "there is no such page");
  }
}

async function takeEvents(
  behind: Behind,
  waiting: Map<string, number>,
  request: IncomingMessage,
): Promise<Receipt> {
  const peer = request.socket.remoteAddress ?? "unknown";
  const token = bearerOf(request.headers.authorization);
  const host = token === undefined ? undefined : holderOf(behind.tokens(), token);
  if (host === undefined) {
    behind.denied({ peer, reason: token === undefined ? "no token" : "an unknown token" });
    throw new Answer(401, "a host's token is needed", { "WWW-Authenticate": "Bearer" });
  }
  if (request.headers["content-type"] !== "application/json") {
    throw new Answer(415, "application/json is needed");
  }
  const before = waiting.get(host) ?? 0;
  if (before >= MOST_WAITING)
    throw new Answer(429, "one batch after another", { "Retry-After": "1" });
  waiting.set(host, before + 1);
  try {
    const batch = batchIn(await bodyOf(request));
    if (batch.host !== host) {
      behind.denied({ peer, host, reason: `it spoke for ${batch.host}` });
      throw new Answer(403, "a token is for one host");
    }
    return await behind.take(batch);
  } finally {
    waiting.set(host, (waiting.get(host) ?? 1) - 1);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const tooLong = new Answer(413, `at most ${LONGEST_BATCH_BYTES} bytes`);
  if (Number(request.headers["content-length"] ?? 0) > LONGEST_BATCH_BYTES) throw tooLong;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LONGEST_BATCH_BYTES) throw tooLong;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function batchIn(text: string): Batch {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Answer(400, "this is no JSON");
  }
  const { success, data, error } = batchSchema.safeParse(value);
  if (success) return data;
  // Where it is wrong, and nothing of what is there.
  const [issue] = error.issues;
  throw new Answer(400, `this is no batch of version 1: ${issue?.path.join(".") ?? ""}`);
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const known =
    error instanceof Answer
      ? error
      : error instanceof NotWritable
        ? new Answer(503, "nothing can be kept now", { "Retry-After": RETRY_SECONDS })
        : new Answer(500, "this was not taken");
  // What was sent may not have been read to its end, so nothing can follow on this connection.
  const headers = request.complete ? known.headers : { ...known.headers, Connection: "close" };
  send(response, known.status, { error: known.message }, headers);
  if (!request.complete) request.resume();
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: OutgoingHttpHeaders = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  });
  response.end(text);
}
