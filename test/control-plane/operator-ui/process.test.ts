import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stateSchema } from "../../../control-plane/contract/page-api.ts";
import { summarySchema } from "../../../control-plane/contract/summary.ts";
import { bundled } from "../bundled.ts";
import { batch, newRoot, observe } from "../observer/room.ts";
import { container, hello, look } from "../observer/said.ts";
import { cheapHash } from "./page/page-room.ts";

const TOKEN = "s".repeat(43);
const children: ChildProcess[] = [];
let program: string;

beforeAll(async () => {
  program = await bundled("control-plane/operator-ui/main.ts");
});
afterAll(() => children.forEach((child) => child.kill("SIGKILL")));

/** Writes settings below a root; answers their path. */
function prepared(root: string, change: object = {}): string {
  const path = join(root, "operator-ui.json");
  const counts = { address: "127.0.0.1", port: 0 };
  writeFileSync(path, JSON.stringify({ version: 1, build: "b1", root, counts, ...change }));
  return path;
}

const ORIGIN = "http://100.64.0.1:8080";

async function usersText(password: string): Promise<string> {
  return JSON.stringify([{ user: "anna", role: "operator", hash: await cheapHash(password) }]);
}

/** Writes all that the page needs below a root; answers the paths. */
async function preparedPage(root: string) {
  const [users, graph] = [join(root, "users.json"), join(root, "graph.json")];
  const files = join(root, "pages");
  mkdirSync(files);
  for (const name of ["index.html", "page.js", "page.css"]) writeFileSync(join(files, name), "x");
  writeFileSync(users, await usersText("geheim"), { mode: 0o400 });
  writeFileSync(graph, '{"version":1,"nodes":[],"edges":[]}');
  const listen = { address: "127.0.0.1", port: 0 };
  const settings = prepared(root, { page: { listen, urls: [ORIGIN], users, files, graph } });
  return { settings, users, graph, page: join(files, "page.js") };
}

/** A request with a name of our choice for the host, which fetch does not allow. */
async function asked(method: string, url: string, headers: Record<string, string>, body?: string) {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { method, headers, agent: false }, resolve).once("error", reject).end(body);
  });
  let text = "";
  for await (const chunk of answer) text += String(chunk);
  const [cookie = ""] = answer.headers["set-cookie"]?.[0]?.split(";") ?? [];
  return { status: answer.statusCode, cookie, text };
}

/** Starts the process. */
function begun(settings: string) {
  const child = spawn(process.execPath, [program, settings], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return { child, output: createInterface({ input: child.stdout }) };
}

/** The first group of the first line that fits. */
async function found(output: Interface, pattern: RegExp): Promise<string> {
  for await (const line of output) {
    const [, group] = pattern.exec(line) ?? [];
    if (group !== undefined) return group;
  }
  throw new Error("it ended before it listened");
}

/** Starts the process, and answers when it listens. */
async function start(settings: string) {
  const { child, output } = begun(settings);
  const port = await found(output, /shows counts at port (\d+)/);
  const ask = (path: string, token?: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      ...(token !== undefined && { headers: { Authorization: `Bearer ${token}` } }),
    });
  return { child, ask };
}

/** What a process says that does not start, and how it ends. */
async function failed(settings: string): Promise<{ readonly code: number; readonly said: string }> {
  const child = spawn(process.execPath, [program, settings], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  children.push(child);
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, said };
}

describe("the process of the page", () => {
  it("counts what the Observer wrote below its root, tells its build, and ends when it is asked to", async () => {
    const root = newRoot();
    const observer = await observe(root);
    await observer.take(batch("nas", 1, [hello, look([container("jellyfin")])]));
    await observer.writeWorld();
    const { child, ask } = await start(prepared(root));
    const summary = summarySchema.parse(await (await ask("/summary")).json());
    expect(summary).toMatchObject({ build: "b1", hosts: { total: 2 }, services: { total: 1 } });
    expect(await (await ask("/healthz")).json()).toEqual({ status: "ok", build: "b1" });
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("lets nobody scrape unless its settings name a file with the token's sum", async () => {
    const root = newRoot();
    const scrapeSum = join(root, "scrape");
    writeFileSync(scrapeSum, createHash("sha256").update(TOKEN).digest("hex"));
    const open = await start(prepared(root, { scrapeSum }));
    expect((await open.ask("/metrics", TOKEN)).status).toBe(200);
    const closed = await start(prepared(newRoot()));
    expect((await closed.ask("/metrics", TOKEN)).status).toBe(401);
  });

  it("asks for a login at the page's port, and sends the state to who has the password", async () => {
    const root = newRoot();
    const { settings, users } = await preparedPage(root);
    const { child, output } = begun(settings);
    const port = await found(output, /the page is at port (\d+)/);
    const url = `http://127.0.0.1:${port}/api`;
    const headers = { origin: ORIGIN, "content-type": "application/json" };
    const host = { host: new URL(ORIGIN).host };
    const ask = (method: string, path: string, more = {}, body?: string) =>
      asked(method, `${url}/${path}`, { ...host, ...more }, body);
    expect((await ask("GET", "state")).status).toBe(401);
    const login = JSON.stringify({ user: "anna", password: "geheim" });
    const { status, cookie } = await ask("POST", "session", headers, login);
    expect(status).toBe(204);
    const state = stateSchema.parse(JSON.parse((await ask("GET", "state", { cookie })).text));
    expect(state).toMatchObject({ build: "b1", hosts: [], observer: null });

    // Somebody's password is another one.
    chmodSync(users, 0o600);
    writeFileSync(users, await usersText("other"));
    await expect
      .poll(async () => (await ask("GET", "state", { cookie })).status, { timeout: 10_000 })
      .toBe(401);
    expect((await ask("POST", "session", headers, login)).status).toBe(401);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  }, 30_000);

  it.each([
    ["users", "users.json cannot be read as JSON, so nobody could log in"],
    ["graph", "graph.json is no graph"],
    ["page", "page.js cannot be read"],
  ])("shows nothing at all, not even counts, without its %s", async (missing, why) => {
    const root = newRoot();
    const { settings, ...paths } = await preparedPage(root);
    rmSync(paths[missing as keyof typeof paths]);
    const { code, said } = await failed(settings);
    expect(code).toBe(2);
    expect(said).toContain("HL-OPERATOR-UI: ");
    expect(said).toContain(why);
  });

  it("does not start with settings that have mistakes, and says where", async () => {
    const path = prepared(newRoot(), { counts: { address: "127.0.0.1", port: "x" } });
    const { code, said } = await failed(path);
    expect(code).toBe(2);
    expect(said).toMatch(/^operator-ui: HL-OPERATOR-UI: /);
    expect(said).toContain(path);
    expect(said).toContain("counts.port");
  });

  it("does not start where its address is not this computer's, and says which", async () => {
    const path = prepared(newRoot(), { counts: { address: "192.0.2.1", port: 8081 } });
    const { code, said } = await failed(path);
    expect(code).toBe(2);
    expect(said).toContain("HL-OPERATOR-UI: cannot listen at 192.0.2.1:8081");
  });
});
