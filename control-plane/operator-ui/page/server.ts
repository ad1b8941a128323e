// The listener that asks for a login. Nothing is answered but what a route declares, with who may ask.
import cookies from "@fastify/cookie";
import fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { isOurs, pathBelow, senderOf, type Address, type Asked } from "./addresses.ts";
import { refuse, type Asker, type Caller, type Route } from "./routes.ts";
import type { Sessions } from "./sessions.ts";

/** What the server is made of. */
export interface PageServerArgs {
  readonly routes: readonly Route[];
  readonly addresses: readonly Address[];
  /** Further values of `Host` by which a reverse proxy asks. */
  readonly ownHosts: readonly string[];
  readonly sessions: Sessions;
}

const SILENT_CONNECTION_MS = 60_000;
const REQUEST_MS = 10_000;
/** Ten tabs with a stream each, of a few people. */
const MOST_CONNECTIONS = 128;
const LONGEST_BODY_BYTES = 4096;

/** The page runs its own files and asks its own origin, and nobody else's page may show it. */
const HEADERS = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; "),
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), usb=()",
  "Cache-Control": "no-store",
} as const;

const RANK: Readonly<Record<Asker, number>> = { anyone: 0, viewer: 1, operator: 2 };

/**
 * The server, which does not listen yet.
 * @throws Error for a route that does not declare who may ask: it would be anybody's
 */
export async function makePageServer(args: PageServerArgs): Promise<FastifyInstance> {
  const { routes, addresses, ownHosts } = args;
  for (const { method, path, role } of routes) {
    if (!Object.hasOwn(RANK, role ?? "")) throw new Error(`${method} /${path} declares no role`);
  }
  const app = fastify({
    logger: false,
    // What a header says of who asks counts nothing.
    trustProxy: false,
    exposeHeadRoutes: false,
    bodyLimit: LONGEST_BODY_BYTES,
    requestTimeout: REQUEST_MS,
    // Who takes nothing of an answer is let go; a stream says something more often.
    connectionTimeout: SILENT_CONNECTION_MS,
    forceCloseConnections: true,
    // What is none of ours becomes a path that no route has.
    rewriteUrl: ({ url = "" }) => {
      const path = pathBelow(addresses, url);
      return path === undefined ? "/-" : `/${path}${url.includes("?") ? `?${afterMark(url)}` : ""}`;
    },
    frameworkErrors: (_error, _request, reply) => void refuse(reply, 400, "this is no request"),
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  await app.register(cookies);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      const text = body.toString();
      done(null, text === "" ? undefined : JSON.parse(text));
    } catch {
      done(Object.assign(new Error("no JSON"), { statusCode: 400 }));
    }
  });
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(HEADERS);
    if (isOurs(addresses, ownHosts, askedOf(request))) done();
    else refuse(reply, 421, "the page is not reached by this name; see docs/control-plane.md");
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0]?.slice(1);
    // Where the page's own names begin, they are told from the folder above by the slash.
    if (addresses.some(({ base }) => base === `/${path}/`)) return reply.redirect(`/${path}/`, 308);
    const methods = routes.filter((route) => route.path === path).map(({ method }) => method);
    if (methods.length === 0) return refuse(reply, 404, "there is no such page");
    reply.header("Allow", methods.join(", "));
    return refuse(reply, 405, `only ${methods.join(" and ")}`);
  });
  app.setErrorHandler<{ statusCode?: number }>(({ statusCode = 500 }, _request, reply) => {
    const [status, error] = REFUSALS.get(statusCode) ?? [500, "this could not be answered"];
    return refuse(reply, status, error);
  });
  for (const route of routes) addRoute(app, route, args);
  return app;
}

/** By the status that fastify would answer. */
const REFUSALS = new Map<number, readonly [number, string]>([
  [400, [400, "this cannot be read"]],
  [413, [413, "this is too long"]],
  [415, [415, "only application/json"]],
]);

function addRoute(app: FastifyInstance, route: Route, args: PageServerArgs): void {
  const { method, path, role, answer } = route;
  const callers = new WeakMap<FastifyRequest, Caller>();
  app.route({
    method,
    url: `/${path}`,
    // Before anything of a body is read.
    onRequest: (request, reply, done) => {
      const caller = callerOf(request, args);
      if (method !== "GET" && !caller.sender) {
        refuse(reply, 403, "this was not sent by the page itself");
      } else if (RANK[role] > 0 && !caller.session) {
        refuse(reply, 401, "log in first");
      } else if (RANK[role] > RANK[caller.session?.role ?? "anyone"]) {
        refuse(reply, 403, `only for the role ${role}`);
      } else {
        callers.set(request, caller);
        done();
      }
    },
    handler: (request, reply) => {
      const caller = callers.get(request);
      if (!caller) throw new Error("nobody looked who asks");
      return answer(request, reply, caller);
    },
  });
}

function callerOf(request: FastifyRequest, { addresses, sessions }: PageServerArgs): Caller {
  const sender = senderOf(addresses, askedOf(request));
  for (const { cookie } of sender ? [sender] : addresses) {
    const id = request.cookies[cookie];
    const session = id === undefined ? undefined : sessions.use(id);
    if (session) return { session, id, sender };
  }
  return { session: undefined, id: undefined, sender };
}

function askedOf({ headers }: FastifyRequest): Asked {
  const { host, origin } = headers;
  const site = headers["sec-fetch-site"];
  return { host, origin, site: typeof site === "string" ? site : undefined };
}

function afterMark(url: string): string {
  return url.slice(url.indexOf("?") + 1);
}
