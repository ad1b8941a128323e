import { chmodSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { addressOf } from "../../../../control-plane/operator-ui/page/addresses.ts";
import { LoginLimits } from "../../../../control-plane/operator-ui/page/login-limits.ts";
import { Sessions } from "../../../../control-plane/operator-ui/page/sessions.ts";
import { readUsers, roleOf } from "../../../../control-plane/operator-ui/page/users.ts";
import { cheapHash, pageFolder, PASSWORDS, PLAIN, servedPage } from "./page-room.ts";

const HOUR_MS = 3600_000;
let time = 0;
const now = () => time;
afterEach(() => {
  time = 0;
});

const setCookie = (headers: IncomingHttpHeaders) => headers["set-cookie"]?.[0] ?? "";

describe("a login", () => {
  it("is answered with a cookie that only this page's own requests bring back", async () => {
    const { login, ask } = await servedPage();
    const { status, headers, text } = await login("the-operator", PASSWORDS.operator);
    expect([status, text]).toEqual([204, ""]);
    expect(setCookie(headers)).toMatch(
      /^homelab-session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const [cookie = ""] = setCookie(headers).split(";");
    const session = await ask("GET", "/api/session", { cookie });
    expect(JSON.parse(session.text)).toEqual({ user: "the-operator", role: "operator" });
  });

  it("is answered over https below a path with a cookie for that path, which has the path in its name (S9)", async () => {
    const { login } = await servedPage();
    const proxied = { host: "home.example", origin: "https://home.example" };
    const { headers } = await login("the-viewer", PASSWORDS.viewer, proxied);
    expect(setCookie(headers)).toMatch(
      /^__Secure-homelab-session-homelab=[^;]+; Path=\/homelab\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it("says the same of a name that is unknown and of a password that is wrong (S28)", async () => {
    const { login, said } = await servedPage();
    const wrong = await login("the-operator", "x");
    const unknown = await login("nobody", PASSWORDS.operator);
    expect(wrong.status).toBe(401);
    expect([unknown.status, unknown.text]).toEqual([wrong.status, wrong.text]);
    expect(unknown.headers["set-cookie"]).toBeUndefined();
    expect(said.join()).not.toContain(PASSWORDS.operator);
  });

  it("never goes on under an id that the browser came with (S22)", async () => {
    const { login, ask, as } = await servedPage();
    const planted = "homelab-session=" + "a".repeat(43);
    const { headers } = await login("the-viewer", PASSWORDS.viewer, { cookie: planted });
    expect(setCookie(headers)).not.toContain("a".repeat(43));
    expect((await ask("GET", "/api/session", { cookie: planted })).status).toBe(401);
    const old = await as("viewer");
    await login("the-operator", PASSWORDS.operator, { cookie: old });
    expect((await ask("GET", "/api/session", { cookie: old })).status).toBe(401);
  });

  it("ends with a logout, for who still has the cookie too", async () => {
    const { ask, as } = await servedPage();
    const cookie = await as("operator");
    const { status, headers } = await ask("DELETE", "/api/session", { cookie, origin: PLAIN });
    expect(status).toBe(204);
    expect(setCookie(headers)).toMatch(/^homelab-session=;.*Expires=Thu, 01 Jan 1970/);
    expect((await ask("GET", "/api/state", { cookie })).status).toBe(401);
  });

  it("cannot be tried without end, whatever address a header says (S21)", async () => {
    const { login } = await servedPage({ now });
    for (let at = 0; at < 10; at += 1) {
      const got = await login("the-operator", "x", { "x-forwarded-for": `192.0.2.${at}` });
      expect(got.status).toBe(401);
    }
    const refused = await login("the-operator", PASSWORDS.operator);
    expect(refused.status).toBe(429);
    const { retryAfterSeconds } = JSON.parse(refused.text) as { retryAfterSeconds: number };
    expect(refused.headers["retry-after"]).toBe(String(retryAfterSeconds));
    time += retryAfterSeconds * 1000;
    expect((await login("the-operator", PASSWORDS.operator)).status).toBe(204);
  });

  it("is looked at one after the other, and not by more than can wait", async () => {
    const { login } = await servedPage();
    const all = await Promise.all(
      Array.from({ length: 40 }, () => login("the-operator", PASSWORDS.operator)),
    );
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([204, 429]));
  });

  it("is none with more than a login in it", async () => {
    const { ask } = await servedPage();
    const headers = { origin: PLAIN, "content-type": "application/json" };
    const long = JSON.stringify({ user: "a", password: "x".repeat(5000) });
    expect((await ask("POST", "/api/session", headers, long)).status).toBe(413);
    expect((await ask("POST", "/api/session", headers, "{")).status).toBe(400);
    expect((await ask("POST", "/api/session", headers, '["a","b"]')).status).toBe(400);
  });
});

describe("the limits of logins", () => {
  it("shut out many addresses that guess one account, and not who comes from another with the password (S21)", () => {
    const limits = new LoginLimits();
    for (let at = 0; at < 20; at += 1) limits.failed(`192.0.2.${at}`, "admin", now());
    expect(limits.waitSeconds("192.0.2.3", "admin", now())).toBe(600);
    expect(limits.waitSeconds("192.0.2.3", "anna", now())).toBe(0);
    expect(limits.waitSeconds("100.64.0.9", "admin", now())).toBe(0);
  });

  it("take all addresses of one network of IPv6 for one, and IPv4 within IPv6 for itself", () => {
    const limits = new LoginLimits();
    for (let at = 0; at < 10; at += 1) limits.failed(`2001:db8::${at}:1`, `user${at}`, now());
    expect(limits.waitSeconds("2001:db8:0:0:ffff::9", "x", now())).toBe(600);
    expect(limits.waitSeconds("2001:db8:0:1::1", "x", now())).toBe(0);
    for (let at = 0; at < 10; at += 1) limits.failed("::ffff:192.0.2.1", `user${at}`, now());
    expect(limits.waitSeconds("192.0.2.1", "x", now())).toBe(600);
    expect(limits.waitSeconds("::ffff:192.0.2.2", "x", now())).toBe(0);
  });

  it("of who guesses behind a proxy are not forgotten when somebody else behind it logs in", () => {
    const limits = new LoginLimits();
    for (let at = 0; at < 9; at += 1) limits.failed("192.0.2.1", "admin", now());
    limits.failed("192.0.2.1", "anna", now());
    limits.succeeded("192.0.2.1", "anna");
    expect(limits.waitSeconds("192.0.2.1", "admin", now())).toBe(0);
    limits.failed("192.0.2.1", "admin", now());
    expect(limits.waitSeconds("192.0.2.1", "admin", now())).toBe(600);
  });

  it("forget the failures of who then has the password, at that address", () => {
    const limits = new LoginLimits();
    for (let at = 0; at < 9; at += 1) limits.failed("192.0.2.1", "anna", now());
    limits.succeeded("192.0.2.1", "anna");
    for (let at = 0; at < 9; at += 1) limits.failed("192.0.2.1", "anna", now());
    expect(limits.waitSeconds("192.0.2.1", "anna", now())).toBe(0);
  });

  it("keep no more addresses than they may (S23)", () => {
    const limits = new LoginLimits();
    for (let at = 0; at < 10; at += 1) limits.failed("192.0.2.1", "admin", now());
    for (let at = 0; at < 1001; at += 1) limits.failed(`10.0.${at >> 8}.${at & 255}`, "x", now());
    expect(limits.waitSeconds("192.0.2.1", "other", now())).toBe(0);
  });
});

describe("a session", () => {
  const ANNA = { user: "anna", role: "viewer" } as const;

  it("is over after twelve hours in which nothing was asked, and after a week in any case (S22)", () => {
    const sessions = new Sessions(now);
    const idle = sessions.begin(ANNA);
    const busy = sessions.begin(ANNA);
    for (let hours = 0; hours < 7 * 24; hours += 6) {
      time = hours * HOUR_MS;
      expect(sessions.use(busy), `after ${hours} h`).toEqual(ANNA);
    }
    expect(sessions.use(idle)).toBeUndefined();
    time = 7 * 24 * HOUR_MS;
    expect(sessions.use(busy)).toBeUndefined();
  });

  it("ends its streams when it is over, though they ask for nothing", () => {
    const sessions = new Sessions(now);
    const ended: string[] = [];
    const id = sessions.begin(ANNA);
    sessions.attach(id, { end: () => ended.push("stream") });
    time += 12 * HOUR_MS - 1;
    sessions.sweep();
    expect(ended).toEqual([]);
    time += 1;
    sessions.sweep();
    expect(ended).toEqual(["stream"]);
  });

  it("takes the place of the one that was used longest ago when somebody has ten", () => {
    const sessions = new Sessions(now);
    const ids = Array.from({ length: 10 }, () => {
      time += 1;
      return sessions.begin(ANNA);
    });
    time += 1;
    expect(sessions.use(ids[0] ?? "")).toEqual(ANNA);
    sessions.begin(ANNA);
    expect(ids.map((id) => sessions.use(id) !== undefined)).toEqual(ids.map((_, at) => at !== 1));
  });
});

describe("the file of who may log in", () => {
  const written = async (text?: string, mode = 0o400) => {
    const path = join(pageFolder(), "users.json");
    const hash = await cheapHash("x");
    writeFileSync(path, text ?? JSON.stringify([{ user: "anna", role: "viewer", hash }]));
    chmodSync(path, mode);
    return path;
  };

  it("lets in who has the password, and nobody else", async () => {
    const users = await readUsers(await written());
    expect(await roleOf(users, { user: "anna", password: "x" })).toBe("viewer");
    expect(await roleOf(users, { user: "anna", password: "y" })).toBeUndefined();
    expect(await roleOf(users, { user: "ben", password: "x" })).toBeUndefined();
  });

  it.each([
    ["", "cannot be read as JSON"],
    ["[", "cannot be read as JSON"],
    ["[]", "does not say who may log in"],
    ["{}", "does not say who may log in"],
    ['[{"user":"anna","role":"viewer","hash":""}]', "does not say who may log in"],
    ['[{"user":"anna","role":"viewer","hash":"$2b$05$x"}]', "does not say who may log in"],
  ])("lets nobody in with %j: the page does not start", async (text, why) => {
    const path = await written(text);
    await expect(readUsers(path)).rejects.toThrow(`${path} ${why}`);
  });

  it("lets nobody in when it is missing, or when others can read it (S2, S28)", async () => {
    await expect(readUsers("/nowhere/users.json")).rejects.toThrow(
      "/nowhere/users.json cannot be read",
    );
    const path = await written(undefined, 0o444);
    await expect(readUsers(path)).rejects.toThrow("can be read by others");
  });
});

describe("an address of the page", () => {
  it.each([
    ["http://100.64.0.1:8080", "/", false, "homelab-session"],
    ["https://home.example", "/", true, "__Host-homelab-session"],
    ["https://home.example/lab/plane", "/lab/plane/", true, "__Secure-homelab-session-lab-plane"],
  ])("is %s with the path %s", (url, base, secure, cookie) => {
    expect(addressOf(url)).toMatchObject({ base, secure, cookie });
  });
});
