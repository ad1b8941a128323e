// The real process, killed as a power cut kills it.
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { receiptSchema } from "../../../control-plane/contract/events.ts";
import { observerHealthSchema } from "../../../control-plane/contract/observer-health.ts";
import { parseHostWorld } from "../../../control-plane/contract/world.ts";
import { bundled } from "../bundled.ts";
import { batch, linesOnDisk, newRoot, observe, worldOnDisk } from "./room.ts";
import { container, engine, hello, look } from "./said.ts";

const HOSTS = ["nas", "vps"] as const;
const tokenOf = (host: string): string => host.repeat(20);
const started: ChildProcess[] = [];
let program: string;

beforeAll(async () => {
  program = await bundled("control-plane/observer/main.ts");
});
afterAll(() => started.forEach((child) => child.kill("SIGKILL")));

/** Settings and tokens below a root. */
function prepared(root: string, silentAfterSeconds = 60): string {
  mkdirSync(join(root, "tokens"));
  for (const host of HOSTS) {
    const sum = createHash("sha256").update(tokenOf(host)).digest("hex");
    writeFileSync(join(root, "tokens", host), `${sum}\n`);
  }
  const path = join(root, "observer.json");
  const hosts = Object.fromEntries(HOSTS.map((host) => [host, { silentAfterSeconds }]));
  writeFileSync(
    path,
    JSON.stringify({
      version: 1,
      build: "test",
      root,
      listen: { address: "127.0.0.1", port: 0 },
      tokens: join(root, "tokens"),
      hosts,
      keep: { days: 30, bytes: 1_000_000 },
    }),
  );
  return path;
}

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly ended: Promise<number | null>;
}

/** Starts the process, and answers when it listens. */
async function start(settings: string): Promise<Running> {
  const child = spawn(process.execPath, [program, settings], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    const [, port] = /listens at port (\d+)/.exec(line) ?? [];
    if (port !== undefined) return { child, port: Number(port), ended };
  }
  throw new Error("the Observer ended before it listened");
}

/** Sends a batch; undefined when it was not acknowledged. */
async function send(
  port: number,
  host: string,
  first: number,
  all: readonly unknown[],
): Promise<number | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/events`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${tokenOf(host)}` },
      body: JSON.stringify(batch(host, first, all)),
    });
    return response.ok ? receiptSchema.parse(await response.json()).upTo : undefined;
  } catch {
    return undefined;
  }
}

describe("the Observer's process", () => {
  it(
    "loses nothing that it acknowledged and doubles nothing, killed at ten moments while hosts send",
    { timeout: 540_000 },
    async () => {
      const root = newRoot();
      const settings = prepared(root);
      const acknowledged = { nas: 0, vps: 0 };
      const total = (): number => acknowledged.nas + acknowledged.vps;
      const sendOn = async (
        host: (typeof HOSTS)[number],
        { port, child }: Running,
      ): Promise<void> => {
        while (child.exitCode === null && child.signalCode === null) {
          const first = acknowledged[host] + 1;
          const next = [
            hello,
            look([container("jellyfin")]),
            engine("jellyfin", "die"),
            { kind: "alive" },
          ];
          const upTo = await send(port, host, first, next.slice(0, 1 + (first % 4)));
          if (upTo !== undefined) acknowledged[host] = upTo;
        }
      };
      for (let kill = 0; kill < 10; kill += 1) {
        const running = await start(settings);
        const sending = HOSTS.map((host) => sendOn(host, running));
        // By what was acknowledged and not by time, so that a slow machine does as much.
        const until = total() + 2 + Math.floor(Math.random() * 6);
        while (total() < until) await pause(2);
        await pause(Math.random() * 20);
        running.child.kill("SIGKILL");
        await running.ended;
        await Promise.all(sending);
      }
      const last = await start(settings);
      // What was written and not acknowledged is there once, however often it is sent.
      for (const host of HOSTS) {
        acknowledged[host] =
          (await send(last.port, host, acknowledged[host] + 1, [hello, hello])) ?? 0;
      }
      last.child.kill("SIGTERM");
      expect(await last.ended).toBe(0);
      expect(total()).toBeGreaterThan(20);
      const lines = linesOnDisk(root);
      expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_, at) => at + 1));
      for (const host of HOSTS) {
        const numbers = lines.filter((line) => line["host"] === host).map(({ number }) => number);
        expect(numbers.slice(0, acknowledged[host])).toEqual(
          Array.from({ length: acknowledged[host] }, (_, at) => at + 1),
        );
        expect(new Set(numbers).size).toBe(numbers.length);
      }
      const before = worldOnDisk(root);
      rmSync(join(root, "state/observer_checkpoint.json"));
      await observe(root);
      expect(worldOnDisk(root)).toEqual(before);
    },
  );

  it("has in the world what it acknowledged, and calls a host unreachable after its time", async () => {
    const root = newRoot();
    // Long enough that a busy machine sees it well before it is silent.
    const running = await start(prepared(root, 10));
    const world = () => parseHostWorld(readFileSync(join(root, "world/nas.json"), "utf8"));
    await send(running.port, "nas", 1, [hello, look([container("jellyfin")])]);
    await expect
      .poll(() => world()?.services["jellyfin"]?.state, { timeout: 60_000 })
      .toBe("healthy");
    await expect.poll(() => world()?.freshness.state, { timeout: 60_000 }).toBe("unreachable");
    expect(world()?.services["jellyfin"]).toMatchObject({ state: "unreachable", was: "healthy" });
    const health = observerHealthSchema.parse(
      JSON.parse(readFileSync(join(root, "state/observer_health.json"), "utf8")),
    );
    expect(health).toMatchObject({ writable: true, withoutToken: [], taken: { denied: 0 } });
    running.child.kill("SIGTERM");
    expect(await running.ended).toBe(0);
  }, 180_000);

  it("does not start with settings that have mistakes, and says where", async () => {
    const root = newRoot();
    const path = prepared(root);
    writeFileSync(path, readFileSync(path, "utf8").replace('"port":0', '"port":"x"'));
    const child = spawn(process.execPath, [program, path], { stdio: ["ignore", "ignore", "pipe"] });
    started.push(child);
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(2);
    expect(said).toContain("HL-OBSERVER");
    expect(said).toContain("listen.port");
  });
});
