import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { summarySchema } from "../../../control-plane/contract/summary.ts";
import { bundled } from "../bundled.ts";
import { batch, newRoot, observe } from "../observer/room.ts";
import { container, hello, look } from "../observer/said.ts";

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

/** Starts the process, and answers when it listens. */
async function start(settings: string) {
  const child = spawn(process.execPath, [program, settings], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const [, port] = /shows counts at port (\d+)/.exec(line) ?? [];
    if (port === undefined) continue;
    const ask = (path: string, token?: string) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        ...(token !== undefined && { headers: { Authorization: `Bearer ${token}` } }),
      });
    return { child, ask };
  }
  throw new Error("it ended before it listened");
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
