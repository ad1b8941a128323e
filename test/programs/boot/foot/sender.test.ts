// Telling, against a real Observer and against servers that answer anything.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Batch } from "../../../../control-plane/contract/events.ts";
import { Outbox } from "../../../../programs/boot/foot/outbox.ts";
import { Sender } from "../../../../programs/boot/foot/sender.ts";
import type { Line } from "../../../../programs/boot/line.ts";
import { container, engine, look } from "../../../control-plane/observer/said.ts";
import { QUICK, ToldObserver, TOKEN } from "./told-observer.ts";

const WAIT = { timeout: 30_000, interval: 10 };

const toClose: (() => void)[] = [];
afterEach(() => toClose.splice(0).forEach((each) => each()));

/** A sender that tells somebody until the test ends. */
function tellTo(url: string, outbox?: Outbox, pace = QUICK) {
  const over = new AbortController();
  const lines: Line[] = [];
  const looks = { taken: 0 };
  const sender = new Sender(
    { host: "nas", url, token: TOKEN },
    {
      build: "boot 1",
      boot: "0",
      pace,
      write: (line) => lines.push(line),
      look: () => {
        looks.taken += 1;
        return Promise.resolve(look([container("immich", { state: "exited" })]));
      },
    },
    outbox,
  );
  void sender.run(over.signal);
  toClose.push(() => over.abort());
  return { sender, lines, looks };
}

/** A server that answers each batch as it is told to. */
async function answering(answer: (batch: Batch, response: ServerResponse) => void) {
  const batches: Batch[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      const batch = JSON.parse(text) as Batch;
      batches.push(batch);
      answer(batch, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  toClose.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, batches };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function receipt({ stream, events }: Batch, change: object = {}): string {
  const upTo = events.at(-1)?.number ?? 0;
  const whole = { version: 1, stream, upTo, duplicates: 0, refused: [], lookWanted: false };
  return JSON.stringify({ ...whole, ...change });
}

describe("a sender that has more to tell than it keeps", () => {
  it("forgets the oldest, says so, looks anew, and leaves out no number", async () => {
    const observer = await ToldObserver.open();
    const { sender } = tellTo(observer.url, new Outbox(10));
    await vi.waitFor(() => expect(observer.count("alive")).toBeGreaterThan(0), WAIT);
    observer.goes();
    await pause(100);
    for (let turn = 0; turn < 30; turn += 1) sender.tell(engine("immich", "start"));
    const { length } = observer.said;
    await observer.comes();
    await vi.waitFor(() => expect(observer.world.services["immich"]?.state).toBe("exited"), WAIT);
    await vi.waitFor(() => expect(observer.count("gap")).toBe(1), WAIT);
    const after = observer.said.slice(length).map(({ happening }) => happening.kind);
    expect(after.filter((kind) => kind === "engine")).toHaveLength(10);
    expect(after.indexOf("gap")).toBeLessThan(after.indexOf("engine"));
    expect(after.lastIndexOf("engine")).toBeLessThan(after.indexOf("look"));
    expect(observer.world.counts).toMatchObject({ lost: 0, late: 0 });
    expect(observer.world.gap).toBeNull();
    const numbers = observer.said.map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  });
});

describe("a sender whose Observer answers", () => {
  it("that it cannot read this begins anew, with a hello and a look, and says so once", async () => {
    let unfit = 3;
    const { url, batches } = await answering((batch, response) => {
      if (unfit > 0) return void response.writeHead((unfit -= 1) === 1 ? 413 : 400).end();
      response.end(receipt(batch));
    });
    const { lines } = tellTo(url);
    await vi.waitFor(
      () => expect(lines.map(({ level }) => level)).toEqual(["warning", "info"]),
      WAIT,
    );
    expect(new Set(batches.slice(0, 4).map(({ stream }) => stream)).size).toBe(4);
    const kinds = batches[3]?.events.map(({ number, happening }) => [
      number,
      (happening as { kind: string }).kind,
    ]);
    expect(kinds?.slice(0, 2)).toEqual([
      [1, "hello"],
      [2, "look"],
    ]);
  });

  it("that it wants a look gets one, and is not looked for without end when that does not help", async () => {
    const { url } = await answering((batch, response) => {
      response.end(receipt(batch, { lookWanted: true }));
    });
    const { looks } = tellTo(url);
    await vi.waitFor(() => expect(looks.taken).toBeGreaterThan(2), WAIT);
    const { taken } = looks;
    await pause(500);
    // Pauses have grown to 100 to 200 ms.
    expect(looks.taken - taken).toBeLessThan(8);
  });

  it.each<[string, (batch: Batch) => string]>([
    ["no receipt", () => "hunter2"],
    ["another stream's receipt", (batch) => receipt(batch, { stream: "0".repeat(32) })],
    ["nothing acknowledged", (batch) => receipt(batch, { upTo: 0 })],
    ["far too much", () => "x".repeat(100_000)],
  ])("with %s sends the same again, with pauses", async (_, text) => {
    const { url, batches } = await answering((batch, response) => {
      response.end(text(batch));
    });
    const { lines } = tellTo(url);
    await vi.waitFor(() => expect(batches.length).toBeGreaterThan(2), WAIT);
    const { length } = batches;
    await pause(200);
    expect(batches.length - length).toBeLessThan(25);
    for (const batch of batches) expect(batch).toEqual(batches[0]);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.text).not.toContain("hunter2");
  });

  it.each([401, 403, 400, 429, 500, 503])("with %i never comes again at once", async (status) => {
    const { url, batches } = await answering((_, response) => {
      response.writeHead(status).end();
    });
    const { lines } = tellTo(url);
    await vi.waitFor(() => expect(batches.length).toBeGreaterThan(2), WAIT);
    const { length } = batches;
    await pause(200);
    expect(batches.length - length).toBeLessThan(25);
    expect(lines).toHaveLength(1);
  });

  it("nothing at all waits no longer than it should, and goes on", async () => {
    let silent = true;
    const { url, batches } = await answering((batch, response) => {
      if (!silent) return void response.end(receipt(batch));
      silent = false;
    });
    const { lines } = tellTo(url, undefined, { ...QUICK, answerMs: 500 });
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(1), WAIT);
    expect(lines[0]?.text).toContain("no answer within 0.5 s");
    expect(batches[1]).toEqual(batches[0]);
  });

  it("that it takes a part keeps the rest, under the same numbers", async () => {
    const { url, batches } = await answering((batch, response) => {
      const [first] = batch.events;
      response.end(receipt(batch, batches.length === 1 ? { upTo: first?.number } : {}));
    });
    tellTo(url);
    await vi.waitFor(() => expect(batches.length).toBeGreaterThan(1), WAIT);
    expect(batches[1]?.events).toEqual(batches[0]?.events.slice(1));
  });
});
