// What hosts ask of the Executor: `GET /work`, `POST /work/<id>/<step>` and `GET /policies`. Whoever has
// no token of a host gets the same 401 for everything but `GET /healthz`, which says that it answers
// and no more.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readAs } from "../contract/read-as.ts";
import { asLine, randomId } from "../contract/words.ts";
import { STEPS, stepSchema, type Step } from "../contract/work.ts";
import type { AuditTrail } from "../disk/audit-trail.ts";
import { hostOfBearer } from "../disk/tokens.ts";
import type { Executor } from "./executor.ts";

/** With what a server answers. */
export interface ServerArgs {
  readonly executor: Executor;
  /** Read anew for each request, so that a token that is taken away is good for nothing at once. */
  readonly tokens: () => ReadonlyMap<string, Buffer>;
  readonly audit: AuditTrail;
  /** How often is looked for work while a host waits, in milliseconds. */
  readonly lookEachMs: number;
}

/** Longest wait for work. */
const WAIT_MS = 25_000;
const LONGEST_BODY = 64 * 1024;
/** One denial a minute is written down; the disk is nobody's to fill. */
const DENIAL_PAUSE_MS = 60_000;

/** The server; not listening yet. */
export function workServer(args: ServerArgs): Server {
  const waiting = new Map<string, () => void>();
  const denials = { last: -Infinity, since: 0 };
  const server = createServer((request, response) => {
    void answer(request, response, args, waiting, denials).catch(() => {
      // What failed is the disk, or a mistake: it was not done, and the host asks again.
      if (!response.headersSent) end(response, 503);
      else response.destroy();
    });
  });
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  server.maxConnections = 256;
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  args: ServerArgs,
  waiting: Map<string, () => void>,
  denials: { last: number; since: number },
): Promise<void> {
  if (request.url === "/healthz" && request.method === "GET") {
    end(response, 200);
    return;
  }
  const host = hostOfBearer(args.tokens(), request.headers.authorization);
  if (host === undefined) {
    denied(request, args.audit, denials);
    end(response, 401);
    return;
  }
  const path = request.url ?? "";
  if (path === "/work") {
    if (request.method !== "GET") end(response, 405);
    else {
      args.executor.returned(host);
      work(host, response, args, waiting);
    }
    return;
  }
  if (path === "/policies") {
    const { policies } = args.executor;
    if (request.method !== "GET") end(response, 405);
    else if (policies) endWith(response, policies);
    else end(response, 204);
    return;
  }
  const [, id = "", word = ""] = /^\/work\/([^/?]+)\/([^/?]+)$/.exec(path) ?? [];
  const step = STEPS.find((one) => one === word);
  if (step === undefined || !randomId.safeParse(id).success) {
    end(response, 404);
    return;
  }
  if (request.method !== "POST") {
    end(response, 405);
    return;
  }
  end(response, await reported(host, id, step, request, args.executor));
}

/** Waits for work, as the only one of its host: who asks again has given up the request before. */
function work(
  host: string,
  response: ServerResponse,
  { executor, lookEachMs }: ServerArgs,
  waiting: Map<string, () => void>,
): void {
  waiting.get(host)?.();
  const stop = (): void => {
    clearInterval(timer);
    if (waiting.get(host) === nothing) waiting.delete(host);
  };
  const nothing = (): void => {
    stop();
    if (!response.destroyed) end(response, 204);
  };
  const until = performance.now() + WAIT_MS;
  const look = (): void => {
    // Nothing is claimed for who is gone.
    if (response.destroyed || response.socket?.destroyed !== false) {
      stop();
      return;
    }
    let found;
    try {
      found = executor.workFor(host);
    } catch {
      stop();
      end(response, 503);
      return;
    }
    if (found) {
      stop();
      endWith(response, found);
    } else if (performance.now() >= until) nothing();
  };
  const timer = setInterval(look, lookEachMs);
  waiting.set(host, nothing);
  response.on("close", stop);
  look();
}

async function reported(
  host: string,
  id: string,
  step: Step,
  request: IncomingMessage,
  executor: Executor,
): Promise<number> {
  if (!/^application\/json(;|$)/.test(request.headers["content-type"] ?? "")) return 415;
  const text = await bodyOf(request);
  if (text === undefined) return 413;
  const report = readAs(stepSchema, text);
  return report ? executor.report(host, id, step, report) : 400;
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > LONGEST_BODY) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function denied(
  request: IncomingMessage,
  audit: AuditTrail,
  denials: { last: number; since: number },
): void {
  denials.since += 1;
  const now = Date.now();
  if (now - denials.last < DENIAL_PAUSE_MS) return;
  const times = denials.since > 1 ? { times: denials.since } : {};
  denials.last = now;
  denials.since = 0;
  const peer = asLine(request.socket.remoteAddress ?? "unknown");
  audit({ what: "denied", peer, reason: "no token of a host", ...times }, now);
}

function endWith(response: ServerResponse, answer: unknown): void {
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(answer));
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { "cache-control": "no-store" });
  response.end();
}
