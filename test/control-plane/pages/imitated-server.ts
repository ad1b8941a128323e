// A server of the pages that says what a test wants, at a path below another, with the rules of the
// real one for what a page may load.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { LoggedEvent } from "../../../control-plane/contract/logged-event.ts";
import type {
  Graph,
  HostHistory,
  Past,
  Session,
  State,
} from "../../../control-plane/contract/page-api.ts";

const BASE = "/below/";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
};

/** What it has to say; a test changes it. */
export interface Says {
  state: State;
  graph: Graph;
  events: readonly LoggedEvent[];
  histories: readonly HostHistory[];
  /** What was known at any moment that is asked for. */
  past: Pick<NonNullable<Past["moment"]>, "sequence" | "hosts">;
  session: Session | null;
  /** No stream any more. */
  isCut: boolean;
  /** No answer any more. */
  isAway: boolean;
}

/** The server, listening. */
export interface ImitatedServer {
  readonly address: string;
  /** Says it to all streams too. */
  readonly say: (changed: Partial<Says>) => void;
  readonly close: () => Promise<void>;
}

/** Starts it. @param files of the pages, by name */
export async function imitatedServer(
  files: Readonly<Record<string, string>>,
  says: Says,
): Promise<ImitatedServer> {
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (says.isAway) {
      response.socket?.destroy();
      return;
    }
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    if (!path.startsWith(BASE)) return reply(response, 404, "{}");
    const name = path.slice(BASE.length) || "index.html";
    const file = files[name];
    if (file !== undefined) return reply(response, 200, file, TYPES[name.split(".")[1] ?? ""]);
    if (name === "api/session") return session(request, response, says);
    if (says.session === null) return reply(response, 401, '{"error":"nobody is logged in"}');
    if (name === "api/state") return reply(response, 200, JSON.stringify(says.state));
    if (name === "api/graph") return reply(response, 200, JSON.stringify(says.graph));
    if (name === "api/past") {
      const at = new URL(request.url ?? "", "http://x").searchParams.get("at");
      const moment = at === null ? null : { ...says.past, at };
      const { at: to } = says.state;
      const from = new Date(Date.parse(to) - 86_400_000).toISOString();
      return reply(response, 200, JSON.stringify({ version: 1, from, to, moment }));
    }
    if (name === "api/history") {
      const host = new URL(request.url ?? "", "http://x").searchParams.get("host");
      const found = says.histories.find((each) => each.host === host);
      return found
        ? reply(response, 200, JSON.stringify(found))
        : reply(response, 404, '{"error":"no such host"}');
    }
    if (name === "api/events") {
      const { events } = says;
      return reply(response, 200, JSON.stringify({ events, next: null }));
    }
    if (name === "api/stream" && !says.isCut) {
      response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
      streams.add(response);
      response.on("close", () => streams.delete(response));
      response.write(eventOf(says.state));
      return;
    }
    reply(response, 404, '{"error":"there is no such page"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE}`,
    say: (changed) => {
      Object.assign(says, changed);
      for (const stream of streams) {
        if (says.isCut || says.isAway) stream.destroy();
        else stream.write(eventOf(says.state));
      }
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function eventOf(state: State): string {
  return `event: state\ndata: ${JSON.stringify(state)}\n\n`;
}

function session(request: IncomingMessage, response: ServerResponse, says: Says): void {
  if (request.method === "GET") {
    if (says.session === null) return reply(response, 401, '{"error":"nobody is logged in"}');
    return reply(response, 200, JSON.stringify(says.session));
  }
  if (request.method === "DELETE") {
    says.session = null;
    return reply(response, 204, "");
  }
  let body = "";
  request.on("data", (piece: Buffer) => (body += piece.toString()));
  request.on("end", () => {
    const { user, password } = JSON.parse(body) as { user: string; password: string };
    if (password !== "let me in") return reply(response, 401, '{"error":"that is not so"}');
    says.session = { user, role: "operator" };
    reply(response, 204, "");
  });
}

function reply(response: ServerResponse, status: number, body: string, type?: string): void {
  response.writeHead(status, {
    "Content-Type": type ?? "application/json",
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
  });
  response.end(body);
}
