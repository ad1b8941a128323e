import type { IncomingMessage } from "node:http";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import {
  MOST_STREAMS,
  stateSchema,
  type State,
} from "../../../../control-plane/contract/page-api.ts";
import { stateOf } from "../../../../control-plane/operator-ui/page/state.ts";
import { Root } from "../../imitated-root.ts";
import { smallHome } from "../../supervisor/imitated-home.ts";
import { StateReader } from "../../../../control-plane/operator-ui/read-state.ts";
import { pageFolder, PLAIN, servedPage } from "./page-room.ts";

const NOTHING: State = stateOf(
  { hosts: [], actions: [], health: undefined, supervisor: undefined, unreadable: 0 },
  "b1",
  0,
);

/** An incident that makes a state of 2 MB. */
function longIncidents(text: string): State["incidents"] {
  return [
    {
      cause: "nas",
      detail: text,
      since: "2026-11-26T10:00:00.000Z",
      flapping: false,
      affected: Array.from({ length: 5000 }, () => text),
      action: null,
      withheld: null,
    },
  ];
}

/** The states that a stream brings, one after the other. */
async function* statesOf(answer: IncomingMessage): AsyncGenerator<State> {
  let text = "";
  for await (const chunk of answer) {
    text += String(chunk);
    for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
      const message = text.slice(0, end);
      text = text.slice(end + 2);
      const [, data] = /^event: state\ndata: (.*)$/.exec(message) ?? [];
      if (data !== undefined) yield stateSchema.parse(JSON.parse(data));
    }
  }
}

async function next(states: AsyncGenerator<State>): Promise<State> {
  const result: IteratorResult<State, unknown> = await states.next();
  if (result.done === true) throw new Error("the stream ended");
  return result.value;
}

describe("a stream", () => {
  it("tells the state at once and again when something happened, and keeps no proxy waiting (R28)", async () => {
    let blind: string | null = null;
    const read = () => Promise.resolve({ ...NOTHING, supervisor: { at: null, blind } });
    const page = await servedPage({ read });
    const answer = await page.begin("GET", "/api/stream", { cookie: await page.as("viewer") });
    expect(answer.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
    });
    const states = statesOf(answer);
    expect((await next(states)).supervisor.blind).toBeNull();
    blind = "the Observer is silent";
    expect((await next(states)).supervisor.blind).toBe(blind);
    answer.destroy();
  });

  it("costs one reading for all, however many look", async () => {
    let reads = 0;
    const read = () => Promise.resolve({ ...NOTHING, build: `b${(reads += 1)}` });
    const page = await servedPage({ read });
    const cookie = await page.as("viewer");
    const streams = await Promise.all(
      Array.from({ length: MOST_STREAMS }, () => page.begin("GET", "/api/stream", { cookie })),
    );
    const first = await Promise.all(streams.map((each) => next(statesOf(each))));
    expect(new Set(first.map(({ build }) => build)).size).toBe(1);
    expect(reads).toBeLessThan(4);
    streams.forEach((each) => each.destroy());
  });

  it("is one of so many in a session, and one that was closed makes room (R28)", async () => {
    const page = await servedPage({ read: () => Promise.resolve(NOTHING) });
    const headers = { cookie: await page.as("viewer") };
    const streams = await Promise.all(
      Array.from({ length: MOST_STREAMS }, () => page.begin("GET", "/api/stream", headers)),
    );
    const more = await page.ask("GET", "/api/stream", headers);
    expect(more.status).toBe(429);
    streams[0]?.destroy();
    await expect
      .poll(async () => {
        const again = await page.begin("GET", "/api/stream", headers);
        again.destroy();
        return again.statusCode;
      })
      .toBe(200);
    streams.forEach((each) => each.destroy());
  });

  it("ends when its session does, by a logout and by a password that was changed (S22)", async () => {
    const page = await servedPage({ read: () => Promise.resolve(NOTHING) });
    for (const end of ["logout", "change"]) {
      const cookie = await page.as("operator");
      const answer = await page.begin("GET", "/api/stream", { cookie });
      answer.resume();
      const ended = once(answer, "end");
      if (end === "change") page.sessions.endAll();
      else await page.ask("DELETE", "/api/session", { cookie, origin: PLAIN });
      await ended;
    }
  });

  it("is cut when its session ends, for who does not take the end either", async () => {
    let reads = 0;
    const blind = "x".repeat(400);
    const read = () => {
      const supervisor = { at: null, blind: `${(reads += 1)}` };
      return Promise.resolve({ ...NOTHING, supervisor, incidents: longIncidents(blind) });
    };
    const page = await servedPage({ read });
    const cookie = await page.as("viewer");
    const answer = await page.begin("GET", "/api/stream", { cookie });
    answer.pause();
    await expect.poll(() => reads, { timeout: 10_000 }).toBeGreaterThan(1);
    await page.ask("DELETE", "/api/session", { cookie, origin: PLAIN });
    // Cut in the middle of a state is an error to who reads, and what is wanted here.
    const closed = new Promise((resolve) => answer.once("close", resolve));
    answer.on("error", () => undefined).resume();
    await closed;
    expect((await page.ask("GET", "/")).status).toBe(200);
  }, 30_000);

  it("keeps nothing for who does not take it (R28)", async () => {
    let at = 0;
    const read = () => {
      at += 1;
      return Promise.resolve({
        ...NOTHING,
        supervisor: { at: null, blind: `b${at}` },
        incidents: longIncidents("x".repeat(400)),
      });
    };
    const page = await servedPage({ read });
    const answer = await page.begin("GET", "/api/stream", { cookie: await page.as("viewer") });
    answer.pause();
    await expect.poll(() => at, { timeout: 20_000 }).toBeGreaterThan(6);
    let bytes = 0;
    answer.on("data", (chunk: Buffer) => (bytes += chunk.length));
    await new Promise((resolve) => setTimeout(resolve, 300));
    // Each state has 2 MB. What was on the way comes, and not all of those that were meanwhile.
    expect(bytes).toBeLessThan(3 * 2_100_000);
    answer.destroy();
  }, 30_000);
});

describe("the state", () => {
  it("fits its schema with all that the parts write, and has no signature in it (S13)", async () => {
    const root = new Root(smallHome());
    root.pass(1);
    root.home.becomes("nas/files", "exited");
    root.pass(5);
    root.approve(root.action("pending"));
    const read = await new StateReader(root.path).read();
    expect(read.actions.length).toBeGreaterThan(0);
    const signed = {
      ...read,
      actions: read.actions.map((action) => ({
        ...action,
        authority: {
          version: 1 as const,
          text: "homelab order 1",
          signature: { kind: "ssh" as const, armored: "A SIGNATURE" },
        },
      })),
    };
    const state = stateOf(signed, "b1", root.now());
    expect(JSON.stringify(state)).not.toContain("A SIGNATURE");
    expect(stateSchema.parse(state)).toEqual(state);
    expect(state.incidents.length).toBeGreaterThan(0);
    expect(state.supervisor.at).not.toBeNull();
    expect(state.observer?.writable).toBe(true);
  });

  it("is read anew where a file is another, and from memory where it is not", async () => {
    const root = new Root(smallHome());
    root.observe();
    const reader = new StateReader(root.path);
    const first = await reader.read();
    const second = await reader.read();
    expect(second.hosts[0]).toBe(first.hosts[0]);
    root.observe(1);
    expect((await reader.read()).hosts[0]).not.toBe(first.hosts[0]);
  });

  it("says that nothing is known before anything was written", async () => {
    const read = await new StateReader(pageFolder()).read();
    const state = stateSchema.parse(stateOf(read, "b1", 0));
    expect(state).toMatchObject({ supervisor: { at: null, blind: null }, observer: null });
  });
});
