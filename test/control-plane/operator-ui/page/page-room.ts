// A server of the page in a folder of its own, with a viewer and an operator.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { request, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argon2id } from "hash-wasm";
import { afterAll } from "vitest";
import type {
  Events,
  EventsQuery,
  Role,
  State,
} from "../../../../control-plane/contract/page-api.ts";
import { addressOf } from "../../../../control-plane/operator-ui/page/addresses.ts";
import { eventsIn } from "../../../../control-plane/operator-ui/page/event-log.ts";
import { Feed } from "../../../../control-plane/operator-ui/page/feed.ts";
import { historyOf } from "../../../../control-plane/operator-ui/page/history.ts";
import { Door } from "../../../../control-plane/operator-ui/page/login.ts";
import { PastReader } from "../../../../control-plane/operator-ui/page/past.ts";
import { routesOf, type Route } from "../../../../control-plane/operator-ui/page/routes.ts";
import { makePageServer } from "../../../../control-plane/operator-ui/page/server.ts";
import { Sessions } from "../../../../control-plane/operator-ui/page/sessions.ts";
import { stateOf } from "../../../../control-plane/operator-ui/page/state.ts";
import { readStaticFiles } from "../../../../control-plane/operator-ui/page/static-files.ts";
import { StateReader } from "../../../../control-plane/operator-ui/read-state.ts";

/** Where the page of the tests is reached. */
export const PLAIN = "http://100.64.0.1:8080";
/** And through a proxy, below a path. */
export const PROXIED = "https://home.example/homelab/";

export const PASSWORDS: Readonly<Record<Role, string>> = {
  viewer: "the viewer's password",
  operator: "the operator's password",
};

/** A hash that costs a test nothing. */
export function cheapHash(password: string): Promise<string> {
  const salt = new Uint8Array(16).fill(7);
  const cheap = { parallelism: 1, iterations: 1, memorySize: 8, hashLength: 32 };
  return argon2id({ ...cheap, password, salt, outputType: "encoded" });
}

/** A folder as the container has it: runtime folders and the files that a deployment writes. */
export function pageFolder(): string {
  const root = mkdtempSync(join(tmpdir(), "page-"));
  for (const folder of ["world", "queue", "state", "events", "pages"]) {
    mkdirSync(join(root, folder));
  }
  writeFileSync(join(root, "pages/index.html"), "<!doctype html>");
  writeFileSync(join(root, "pages/page.js"), "export {};");
  writeFileSync(join(root, "pages/page.css"), "body {}");
  writeFileSync(join(root, "graph.json"), '{"version":1,"nodes":[],"edges":[]}');
  return root;
}

/** Headers of a request from the page itself, and more. */
export type Sent = Readonly<Record<string, string>>;

/** An answer. */
export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const open: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(open.splice(0).map((close) => close())));

/** What a test changes of the server. */
export interface Change {
  readonly root?: string;
  readonly more?: readonly Route[];
  readonly now?: () => number;
  readonly read?: () => Promise<State>;
  readonly events?: (query: EventsQuery) => Promise<Events>;
}

/** A server that listens. */
export async function servedPage({
  root = pageFolder(),
  more = [],
  now = Date.now,
  read,
  events = (query) => eventsIn(join(root, "events"), query),
}: Change = {}) {
  const users = new Map(
    await Promise.all(
      (["viewer", "operator"] as const).map(
        async (role) => [`the-${role}`, { role, hash: await cheapHash(PASSWORDS[role]) }] as const,
      ),
    ),
  );
  const said: string[] = [];
  const sessions = new Sessions(now);
  const reader = new StateReader(root);
  const past = new PastReader(join(root, "events"));
  const routes = [
    ...routesOf({
      files: await readStaticFiles(join(root, "pages")),
      graph: '{"version":1,"nodes":[],"edges":[]}',
      sessions,
      feed: new Feed(
        read ?? (async () => stateOf(await reader.read(), "b1", Date.now())),
        Date.now,
      ),
      events,
      past: (at) => past.read(at, now()),
      history: (host) => historyOf(root, host, now()),
      door: new Door(
        () => users,
        now,
        (text) => said.push(text),
      ),
    }),
    ...more,
  ];
  const app = await makePageServer({
    routes,
    sessions,
    addresses: [PLAIN, PROXIED].map(addressOf),
    ownHosts: ["control-plane-ui:8080"],
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  open.push(() => app.close());
  const { port } = app.server.address() as AddressInfo;

  const begin = (method: string, path: string, headers: Sent, body?: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const agent = false;
      const all = { host: "100.64.0.1:8080", ...headers };
      request({ host: "127.0.0.1", port, method, path, headers: all, agent }, resolve)
        .once("error", reject)
        .end(body);
    });
  /** Sends a request as it is written: a path is not made another one. */
  const ask = async (method: string, path: string, headers: Sent = {}, body?: string) => {
    const answer = await begin(method, path, headers, body);
    let text = "";
    for await (const chunk of answer) text += String(chunk);
    return { status: answer.statusCode ?? 0, headers: answer.headers, text } satisfies Got;
  };
  const login = (user: string, password: string, headers: Sent = {}) =>
    ask(
      "POST",
      "/api/session",
      { origin: PLAIN, "content-type": "application/json", ...headers },
      JSON.stringify({ user, password }),
    );
  /** Logs in; answers the cookie as a browser sends it. */
  const as = async (role: Role, headers: Sent = {}) => {
    const { headers: got } = await login(`the-${role}`, PASSWORDS[role], headers);
    const [cookie = ""] = got["set-cookie"]?.[0]?.split(";") ?? [];
    return cookie;
  };
  return { ask, begin, login, as, sessions, routes, said, root, users };
}
