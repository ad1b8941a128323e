// All that the page's server answers, each with who may ask for it.
import type { FastifyReply, FastifyRequest } from "fastify";
import {
  eventsQuerySchema,
  historyQuerySchema,
  loginSchema,
  pastQuerySchema,
  type Events,
  type EventsQuery,
  type HostHistory,
  type Past,
  type Role,
  type Session,
} from "../../contract/page-api.ts";
import type { Address } from "./addresses.ts";
import type { Feed } from "./feed.ts";
import type { Door } from "./login.ts";
import type { Sessions } from "./sessions.ts";
import type { StaticFile } from "./static-files.ts";
import { Stream, STREAM_HEADERS } from "./stream.ts";
import { Turns } from "./turns.ts";

/** A search reads up to 16 MiB of the log, and two keep a small machine busy. */
const SEARCHES_AT_ONCE = 2;
/** As many people as look at the page, each with a search. */
const MOST_SEARCHES_WAITING = 8;
/** When that many wait. */
const BUSY_SECONDS = 2;

/** Who may ask: an operator may what a viewer may. */
export type Asker = "anyone" | Role;

/** Who asks, as the server found out. */
export interface Caller {
  readonly session: Session | undefined;
  /** Id of the session. */
  readonly id: string | undefined;
  /** From whose page it was sent; known for what changes something. */
  readonly sender: Address | undefined;
}

/** One thing that the server answers. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below the page's base, without a slash in front. */
  readonly path: string;
  readonly role: Asker;
  readonly answer: (
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller,
  ) => Promise<FastifyReply> | FastifyReply;
}

/** What the routes show, and with what they let people in. */
export interface Behind {
  readonly files: readonly StaticFile[];
  readonly feed: Feed;
  /** The graph as JSON. */
  readonly graph: string;
  readonly events: (query: EventsQuery) => Promise<Events>;
  /** What lies behind a host; undefined for one that is not known. */
  readonly history: (host: string) => Promise<HostHistory | undefined>;
  /** What was known at a moment. @param at undefined: only how far the log goes back */
  readonly past: (at: string | undefined) => Promise<Past>;
  readonly door: Door;
  readonly sessions: Sessions;
}

/** All routes. */
export function routesOf(behind: Behind): Route[] {
  const { files, feed, graph, events, history, past } = behind;
  const searches = new Turns(SEARCHES_AT_ONCE, MOST_SEARCHES_WAITING);
  // A moment is computed of the whole log before it, by one for all.
  const replays = new Turns(1, MOST_SEARCHES_WAITING);
  return [
    ...files.map(fileRoute),
    noIcon,
    ...sessionRoutes(behind),
    {
      method: "GET",
      path: "api/state",
      role: "viewer",
      answer: async (_request, reply) => sendJson(reply, await feed.current()),
    },
    {
      method: "GET",
      path: "api/graph",
      role: "viewer",
      answer: (_request, reply) => sendJson(reply, graph),
    },
    {
      method: "GET",
      path: "api/events",
      role: "viewer",
      answer: async (request, reply) => {
        const { success, data } = eventsQuerySchema.safeParse(request.query);
        if (!success) return refuse(reply, 400, "these are no events that can be asked for");
        const found = searches.take(() => events(data));
        if (!found) return busy(reply);
        return sendJson(reply, JSON.stringify(await found));
      },
    },
    {
      method: "GET",
      path: "api/history",
      role: "viewer",
      answer: async (request, reply) => {
        const { success, data } = historyQuerySchema.safeParse(request.query);
        if (!success) return refuse(reply, 400, "this is no host that can be asked for");
        const found = await history(data.host);
        if (!found) return refuse(reply, 404, "no such host was ever heard of");
        return sendJson(reply, JSON.stringify(found));
      },
    },
    {
      method: "GET",
      path: "api/past",
      role: "viewer",
      answer: async (request, reply) => {
        const { success, data } = pastQuerySchema.safeParse(request.query);
        if (!success) return refuse(reply, 400, "this is no moment that can be asked for");
        const found = replays.take(() => past(data.at));
        if (!found) return busy(reply);
        return sendJson(reply, JSON.stringify(await found));
      },
    },
    streamRoute(behind),
  ];
}

function busy(reply: FastifyReply): FastifyReply {
  reply.header("Retry-After", String(BUSY_SECONDS));
  return refuse(reply, 429, "too many searches; wait a little", BUSY_SECONDS);
}

/** Browsers ask for it by themselves, and would note that it is missing each time. */
const noIcon: Route = {
  method: "GET",
  path: "favicon.ico",
  role: "anyone",
  answer: (_request, reply) => reply.header("Cache-Control", "max-age=86400").code(204).send(),
};

function fileRoute({ path, type, body, tag }: StaticFile): Route {
  return {
    method: "GET",
    path,
    role: "anyone",
    answer: (request, reply) => {
      // Kept by the browser, and asked for each time whether it is still the same.
      reply.header("Cache-Control", "no-cache").header("ETag", tag);
      if (request.headers["if-none-match"] === tag) return reply.code(304).send();
      return reply.type(type).send(body);
    },
  };
}

function sessionRoutes({ door, sessions }: Behind): Route[] {
  const path = "api/session";
  return [
    {
      method: "GET",
      path,
      role: "anyone",
      answer: (_request, reply, { session }) =>
        session
          ? sendJson(reply, JSON.stringify(session))
          : refuse(reply, 401, "nobody is logged in"),
    },
    {
      method: "POST",
      path,
      role: "anyone",
      answer: async (request, reply, { id, sender }) => {
        const { success, data: login } = loginSchema.safeParse(request.body);
        if (!success || !sender) return refuse(reply, 400, "this is no login");
        const tried = await door.try(login, request.socket.remoteAddress ?? "nowhere");
        if ("waitSeconds" in tried) {
          const { waitSeconds } = tried;
          reply.header("Retry-After", String(waitSeconds));
          return refuse(reply, 429, "too many tries; wait a little", waitSeconds);
        }
        if ("wrong" in tried) return refuse(reply, 401, "name or password is wrong");
        // Never the id that the browser came with: somebody else may have given it that.
        if (id !== undefined) sessions.end(id);
        const fresh = sessions.begin({ user: login.user, role: tried.role });
        const { cookie, base, secure } = sender;
        return reply
          .setCookie(cookie, fresh, { path: base, secure, httpOnly: true, sameSite: "strict" })
          .code(204)
          .send();
      },
    },
    {
      method: "DELETE",
      path,
      role: "anyone",
      answer: (_request, reply, { id, sender }) => {
        if (id !== undefined) sessions.end(id);
        if (sender) {
          const { cookie, base, secure } = sender;
          reply.clearCookie(cookie, { path: base, secure, httpOnly: true, sameSite: "strict" });
        }
        return reply.code(204).send();
      },
    },
  ];
}

function streamRoute({ feed, sessions }: Behind): Route {
  return {
    method: "GET",
    path: "api/stream",
    role: "viewer",
    answer: (_request, reply, { id }) => {
      let stream: Stream | undefined;
      const detach =
        id === undefined ? undefined : sessions.attach(id, { end: () => stream?.end() });
      if (!detach) return refuse(reply, 429, "this session has as many streams as it may", 10);
      const to = reply.raw;
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) to.setHeader(name, value);
      }
      reply.hijack();
      to.writeHead(200, STREAM_HEADERS);
      const open = (stream = new Stream(to));
      const quiet = feed.tell((json) => open.send(json));
      to.once("close", () => {
        quiet();
        detach();
      });
      return reply;
    },
  };
}

/** Answers JSON. */
function sendJson(reply: FastifyReply, json: string): FastifyReply {
  return reply.type("application/json; charset=utf-8").send(json);
}

/** Answers why not. */
export function refuse(
  reply: FastifyReply,
  status: number,
  error: string,
  retryAfterSeconds?: number,
): FastifyReply {
  const refusal = { error, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  return sendJson(reply.code(status), JSON.stringify(refusal));
}
