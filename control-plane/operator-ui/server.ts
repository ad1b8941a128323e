// Counts and health over HTTP: `GET /summary`, `/healthz`, and `/metrics` for who has the scrape token.
import { createServer, type Server, type ServerResponse } from "node:http";
import { bearerOf, isTokenOf } from "../contract/bearer.ts";
import { metricsText } from "./metrics.ts";
import { summaryOf, type Seen } from "./summary.ts";

/** What the server shows. */
export interface Shown {
  readonly build: string;
  readonly read: () => Promise<Seen>;
  /** SHA-256 of the scrape token; undefined lets nobody scrape. */
  readonly scrapeSum: () => Buffer | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const REQUEST_MS = 10_000;
const MOST_CONNECTIONS = 64;

interface Answer {
  readonly status: number;
  readonly type: "application/json" | "text/plain; version=0.0.4";
  readonly body: string;
}

/** The server, which does not listen yet. */
export function makeSummaryServer(shown: Shown): Server {
  const server = createServer({ requestTimeout: REQUEST_MS }, (request, response) => {
    const { method, url, headers } = request;
    request.resume();
    answer(shown, method, url, headers.authorization).then(
      (given) => send(response, given),
      () => send(response, json(500, { error: "this could not be read" })),
    );
  });
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

async function answer(
  shown: Shown,
  method: string | undefined,
  url: string | undefined,
  authorization: string | undefined,
): Promise<Answer> {
  if (url !== "/summary" && url !== "/healthz" && url !== "/metrics") {
    return json(404, { error: "there is no such page" });
  }
  if (method !== "GET") return json(405, { error: "only GET" });
  // That this part answers; how the house is, /summary says.
  if (url === "/healthz") return json(200, { status: "ok", build: shown.build });
  if (url === "/metrics" && !mayScrape(shown, authorization)) {
    return json(401, { error: "the scrape token is needed" });
  }
  const summary = summaryOf(await shown.read(), shown.build, shown.now());
  return url === "/summary"
    ? json(200, summary)
    : { status: 200, type: "text/plain; version=0.0.4", body: metricsText(summary) };
}

function mayScrape({ scrapeSum }: Shown, authorization: string | undefined): boolean {
  const token = bearerOf(authorization);
  const sum = scrapeSum();
  return token !== undefined && sum !== undefined && isTokenOf(token, sum);
}

function json(status: number, body: object): Answer {
  return { status, type: "application/json", body: `${JSON.stringify(body)}\n` };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    ...(status === 401 ? { "WWW-Authenticate": "Bearer" } : {}),
    ...(status === 405 ? { Allow: "GET" } : {}),
  });
  response.end(body);
}
