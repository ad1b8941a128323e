import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hostHistorySchema, type Role } from "../../../../control-plane/contract/page-api.ts";
import type { Route } from "../../../../control-plane/operator-ui/page/routes.ts";
import { host } from "../../pages/imitated-parts.ts";
import { PLAIN, PROXIED, servedPage } from "./page-room.ts";

/** In place of what the server does not have yet: something that an operator alone may do. */
const DECIDE: Route = {
  method: "POST",
  path: "api/decide",
  role: "operator",
  answer: (_request, reply) => reply.code(204).send(),
};

const BOOT = {
  began: "2026-11-25T07:00:00.000Z",
  seconds: 31,
  gates: [],
  services: [],
  at: "2026-11-25T07:01:00.000Z",
};

const JSON_TYPE = { "content-type": "application/json" };
const OWN = { origin: PLAIN, ...JSON_TYPE };

/** What each route answers to each who asks, as [nobody, viewer, operator]. */
const TABLE: readonly (readonly [string, string, readonly [number, number, number]])[] = [
  ["GET", "/", [200, 200, 200]],
  ["GET", "/page.js", [200, 200, 200]],
  ["GET", "/page.css", [200, 200, 200]],
  // A browser asks for it by itself; there is none.
  ["GET", "/favicon.ico", [204, 204, 204]],
  ["GET", "/api/session", [401, 200, 200]],
  // The body is no login.
  ["POST", "/api/session", [400, 400, 400]],
  ["DELETE", "/api/session", [204, 204, 204]],
  ["GET", "/api/state", [401, 200, 200]],
  ["GET", "/api/graph", [401, 200, 200]],
  ["GET", "/api/events", [401, 200, 200]],
  // No host is named.
  ["GET", "/api/history", [401, 400, 400]],
  ["GET", "/api/past", [401, 200, 200]],
  ["GET", "/api/stream", [401, 200, 200]],
  ["POST", "/api/decide", [401, 403, 204]],
];

/** Ways of asking for a path that are none of it, whoever asks, with what is answered. */
const OTHERWISE: readonly (readonly [string, (path: string) => string, number])[] = [
  ["with a slash behind it", (path) => `${path}/`, 404],
  ["with two slashes in front", (path) => `/${path}`, 404],
  ["with a dot in it", (path) => `/.${path}`, 404],
  ["from a folder above", (path) => `/api/..${path}`, 404],
  ["with an encoded slash", (path) => `/${path.slice(1).replace("/", "%2f")}%2f`, 404],
  ["with an encoded letter", (path) => path.replace(/[a-z]/, (letter) => encoded(letter)), 404],
  ["with an encoded zero", (path) => `${path}%00`, 404],
  ["in capitals", (path) => path.toUpperCase(), 404],
  ["with a semicolon", (path) => `${path};a=b`, 404],
  ["as a whole URL", (path) => `http://100.64.0.1:8080${path}`, 404],
];

const encoded = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`;

type Page = Awaited<ReturnType<typeof servedPage>>;
let page: Page;
let cookies: Record<"nobody" | Role, string>;
beforeAll(async () => {
  page = await servedPage({ more: [DECIDE] });
});
// One of the routes ends the session of who asks.
beforeEach(async () => {
  cookies = { nobody: "", viewer: await page.as("viewer"), operator: await page.as("operator") };
});

/** The status alone; a stream has no end. */
async function statusOf(method: string, path: string, headers = {}): Promise<number> {
  const answer = await page.begin(method, path, headers, method === "POST" ? "{}" : undefined);
  answer.destroy();
  return answer.statusCode ?? 0;
}

const ASKERS = ["nobody", "viewer", "operator"] as const;

describe("the routes of the page", () => {
  it("are those of the table, and no others", () => {
    const declared = page.routes.map(({ method, path }) => `${method} /${path}`);
    expect(TABLE.map(([method, path]) => `${method} ${path}`)).toEqual(declared);
  });

  it.each(TABLE)(
    "answer %s %s to nobody, a viewer and an operator with %j (S10, S11)",
    async (...row) => {
      const [method, path, statuses] = row;
      const got = [];
      for (const asker of ASKERS) {
        got.push(await statusOf(method, path, { ...OWN, cookie: cookies[asker] }));
      }
      expect(got).toEqual(statuses);
    },
  );

  it.each(TABLE)(
    "answer %s %s below a path too, whether the proxy takes it away or not",
    async (...row) => {
      const [method, path, [nobody]] = row;
      const headers = { ...OWN, host: "home.example", origin: "https://home.example" };
      expect(await statusOf(method, path, headers)).toBe(nobody);
      expect(await statusOf(method, `/homelab${path}`, headers)).toBe(nobody);
    },
  );

  it.each(OTHERWISE)("answer a path written %s to nobody (S10)", async (_how, written, status) => {
    for (const [method, path] of TABLE) {
      // There is no letter in it, and no other way to write the slash.
      if (path === "/") continue;
      const headers = { ...OWN, cookie: cookies.operator };
      expect(await statusOf(method, written(path), headers), `${method} ${path}`).toBe(status);
    }
  });

  it.each(["HEAD", "OPTIONS", "PUT", "PATCH", "PROPFIND", "TRACE"])(
    "answer %s with 405 and what there is, whoever asks (S9)",
    async (method) => {
      for (const path of new Set(TABLE.map(([, each]) => each))) {
        const { status, headers } = await page.ask(method, path, { cookie: cookies.operator });
        expect(status, path).toBe(405);
        const allowed = TABLE.filter(([, each]) => each === path).map(([each]) => each);
        expect(headers.allow, path).toBe(allowed.join(", "));
      }
    },
  );

  it("are asked by their own page alone where they change something (S9)", async () => {
    const changing = TABLE.filter(([method]) => method !== "GET");
    expect(changing.length).toBeGreaterThan(2);
    for (const [method, path] of changing) {
      for (const headers of [
        {},
        { origin: "null" },
        { origin: "https://evil.example" },
        { origin: "http://100.64.0.1:8081" },
        { origin: "https://100.64.0.1:8080" },
        { origin: PLAIN, "sec-fetch-site": "cross-site" },
        { origin: PLAIN, "sec-fetch-site": "same-site" },
        { origin: PLAIN, "sec-fetch-site": "none" },
      ]) {
        const sent = { ...JSON_TYPE, ...headers, cookie: cookies.operator };
        expect(await statusOf(method, path, sent), `${method} ${JSON.stringify(headers)}`).toBe(
          403,
        );
      }
    }
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])(
    "take no body of %s, which a form of another's page can send (S9)",
    async (type) => {
      const headers = { origin: PLAIN, "content-type": type, cookie: cookies.operator };
      expect(await statusOf("POST", "/api/session", headers)).toBe(415);
      expect(await statusOf("POST", "/api/decide", headers)).toBe(415);
    },
  );

  it("are answered by no name that somebody else gave to our address", async () => {
    for (const host of ["evil.example", "evil.example:8080", "100.64.0.1", "localhost:8080", ""]) {
      for (const [method, path] of TABLE) {
        const headers = { ...OWN, host, cookie: cookies.operator };
        expect(await statusOf(method, path, headers), `${method} ${path} ${host}`).toBe(421);
      }
    }
    expect(await statusOf("GET", "/", { host: "control-plane-ui:8080" })).toBe(200);
    expect(await statusOf("GET", "/", { host: "HOME.example" })).toBe(200);
  });

  it("look at no token in a query, and at no header that says who asks (S15, S20)", async () => {
    const id = cookies.operator.split("=")[1] ?? "";
    expect(id.length).toBeGreaterThan(40);
    expect(await statusOf("GET", `/api/state?token=${id}&homelab-session=${id}`)).toBe(401);
    for (const name of [
      "authorization",
      "remote-user",
      "remote_user",
      "x-forwarded-user",
      "x-remote-user",
    ]) {
      for (const value of ["the-operator", `Bearer ${id}`]) {
        expect(await statusOf("GET", "/api/state", { [name]: value }), name).toBe(401);
      }
    }
    const forwarded = {
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": "100.64.0.1:8080",
      "x-original-url": "/page.js",
      "x-rewrite-url": "/page.js",
    };
    expect(await statusOf("GET", "/api/state", forwarded)).toBe(401);
    expect(await statusOf("GET", "/", { ...forwarded, host: "evil.example" })).toBe(421);
  });

  it("send with every answer what a browser is to hold to (S17)", async () => {
    for (const [method, path] of [...TABLE, ["GET", "/nothing"], ["PUT", "/"]] as const) {
      if (path === "/api/stream") continue;
      const body = method === "POST" ? "{}" : undefined;
      const { headers } = await page.ask(method, path, OWN, body);
      expect(headers, `${method} ${path}`).toMatchObject({
        "content-security-policy":
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
      });
      if (path.startsWith("/api/")) expect(headers["cache-control"]).toBe("no-store");
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  it("lead from the folder's name to the folder", async () => {
    const host = new URL(PROXIED).host;
    const { status, headers } = await page.ask("GET", "/homelab", { host });
    expect([status, headers.location]).toEqual([308, "/homelab/"]);
  });

  it("do not start when one does not say who may ask (S14)", async () => {
    const { role: _role, ...undeclared } = DECIDE;
    for (const route of [undeclared, { ...DECIDE, role: "toString" }] as unknown as Route[]) {
      await expect(servedPage({ more: [route] })).rejects.toThrow(
        "POST /api/decide declares no role",
      );
    }
  });

  it("say nothing of why something failed inside (S16)", async () => {
    const broken: Route = {
      ...DECIDE,
      path: "api/broken",
      role: "anyone",
      answer: () => Promise.reject(new Error("/opt/homelab/secret")),
    };
    const failing = await servedPage({ more: [broken] });
    const { status, text } = await failing.ask("POST", "/api/broken", OWN, "{}");
    expect([status, text]).toEqual([500, '{"error":"this could not be answered"}']);
  });

  it("give the files with a tag, and nothing again that the browser has", async () => {
    const { headers, text } = await page.ask("GET", "/page.js");
    expect(headers["content-type"]).toBe("text/javascript; charset=utf-8");
    expect(headers["cache-control"]).toBe("no-cache");
    expect(text).toBe("export {};");
    const again = await page.ask("GET", "/page.js", { "if-none-match": String(headers.etag) });
    expect([again.status, again.text]).toEqual([304, ""]);
  });

  it.each(["at=x", "at=2026-11-26", "at=2026-11-26T10:00:00.000Z&at=x", "to=1"])(
    "refuse a moment asked for with %s",
    async (query) => {
      const cookie = { cookie: cookies.viewer };
      expect(await statusOf("GET", `/api/past?${query}`, cookie)).toBe(400);
    },
  );

  it("answer what lies behind a host that is known, and refuse a name that is none", async () => {
    // Of its own: what a state said before is said again for half a second.
    const known = await servedPage();
    const cookie = { cookie: await known.as("viewer") };
    const world = host("nas", {}, { boot: BOOT, receipts: [] });
    writeFileSync(join(known.root, "world/nas.json"), JSON.stringify(world));
    const { status, text } = await known.ask("GET", "/api/history?host=nas", cookie);
    expect(status).toBe(200);
    expect(hostHistorySchema.parse(JSON.parse(text))).toMatchObject({ host: "nas", boot: BOOT });
    const state = await known.ask("GET", "/api/state", cookie);
    expect(JSON.parse(state.text)).toMatchObject({ hosts: [{ host: "nas" }] });
    expect(state.text).not.toContain(BOOT.began);
    for (const [query, status] of [
      ["host=vps", 404],
      ["host=..%2fnas", 400],
      ["host=nas&host=vps", 400],
      ["host=nas&as=x", 400],
    ] as const) {
      const asked = await known.ask("GET", `/api/history?${query}`, cookie);
      expect(asked.status, query).toBe(status);
    }
  });

  it.each(["limit=0", "limit=201", "host=..%2fnas", "host=$(id)", "unit=x", "before=1&before=2"])(
    "refuse events asked for with %s (S4)",
    async (query) => {
      const cookie = { cookie: cookies.viewer };
      expect(await statusOf("GET", `/api/events?${query}`, cookie)).toBe(400);
    },
  );
});
