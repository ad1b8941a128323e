import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  afterLook,
  watchForAway,
  type AwayNews,
  type Watched,
} from "../../../../programs/boot/foot/away-watch.ts";
import { answersAt, postTo } from "../../../../programs/boot/foot/signs-of-life.ts";
import { memoryDisk } from "../../../control-plane/imitated-memory.ts";

const WAIT = { timeout: 30_000, interval: 5 };
const AFTER_MS = 300_000;
const EVERY_MS = 10_000;
const TOLD = { version: 1, id: "a".repeat(32), since: "2026-11-26T10:00:00.000Z" } as const;

const toClose: (() => void)[] = [];
afterEach(() => toClose.splice(0).forEach((each) => each()));

/** What is told of a host that answers so, one look after another, if each message is taken. */
function toldOf(looks: readonly boolean[], told?: Watched["told"]): [number, AwayNews][] {
  let known: Watched = told ? { told } : {};
  return looks.flatMap((answers, index): [number, AwayNews][] => {
    const ms = index * EVERY_MS;
    const look = { answers, asked: { ms, at: TOLD.since }, overMs: ms };
    const { watched, news } = afterLook(known, look, AFTER_MS);
    known = news === "began" ? { ...watched, told: TOLD } : news === "ended" ? {} : watched;
    return news ? [[ms / 1000, news]] : [];
  });
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe("a host that is away", () => {
  it("is told once when it gave no sign of life for so long, and its end when it answers for a minute", () => {
    const looks = [true, ...times(100, false), ...times(20, true)];
    expect(toldOf(looks)).toEqual([
      [310, "began"],
      [1070, "ended"],
    ]);
  });

  it("is no news when it is away for less, and one that comes and goes is told once", () => {
    expect(toldOf([...times(29, false), true, ...times(29, false), true])).toEqual([]);
    const flapping = times(10, [...times(3, true), ...times(5, false)]).flat();
    expect(toldOf([...times(40, false), ...flapping])).toEqual([[300, "began"]]);
  });

  it("that was told before this program started anew is not told again, and its end is", () => {
    expect(toldOf([...times(60, false), ...times(10, true)], TOLD)).toEqual([[660, "ended"]]);
  });
});

describe("the silence of a host", () => {
  it("begins when it was asked, and lasts until nobody waits for the answer any more", () => {
    const asked = { ms: 1000, at: TOLD.since };
    const { watched, news } = afterLook({}, { answers: false, asked, overMs: 9000 }, 8000);
    expect([watched.silent, news]).toEqual([{ atMs: 1000, since: TOLD.since }, "began"]);
    expect(afterLook({}, { answers: false, asked, overMs: 8999 }, 8000).news).toBeUndefined();
  });
});

describe("the watch", () => {
  async function listening(
    status: () => number,
  ): Promise<{ url: string; heard: string[]; server: Server }> {
    const heard: string[] = [];
    const server = createServer((request, response) => {
      let text = "";
      request.on("data", (part: Buffer) => (text += part.toString()));
      request.on("end", () => {
        if (status() === 200) heard.push(text);
        response.writeHead(status(), { Location: "http://127.0.0.1:1/" }).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    toClose.push(() => server.close());
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, heard, server };
  }

  it("tells the webhook again until it takes it, in the form of the control plane's messages", async () => {
    let status = 302;
    let isThere = false;
    const { url, heard } = await listening(() => status);
    const disk = memoryDisk();
    const complaints: string[] = [];
    const over = new AbortController();
    toClose.push(() => over.abort());
    const around = {
      host: "docker-vm",
      watched: "vps",
      webhook: url,
      afterMs: 0,
      everyMs: 5,
      answers: () => Promise.resolve(isThere),
      post: postTo,
      disk,
      record: "/told-away",
      complain: (reason: string) => void complaints.push(reason),
      newId: () => "c".repeat(32),
    };
    void watchForAway(around, over.signal);
    await vi.waitFor(() => expect(complaints).toEqual(["it answers with status 302"]), WAIT);
    status = 200;
    await vi.waitFor(() => expect(heard).toHaveLength(1), WAIT);
    expect(JSON.parse(heard[0] ?? "")).toMatchObject({
      version: 1,
      kind: "began",
      severity: "critical",
      cause: "vps",
      title: "vps does not answer docker-vm",
    });
    isThere = true;
    await vi.waitFor(() => expect(heard).toHaveLength(2), WAIT);
    expect(JSON.parse(heard[1] ?? "")).toMatchObject({ kind: "ended", cause: "vps" });
    await vi.waitFor(() => expect(disk.read("/told-away")).toBeUndefined(), WAIT);
    expect(complaints).toHaveLength(1);
  });

  it("takes an answer and a refusal for a sign of life, and silence for none", async () => {
    const { signal } = new AbortController();
    const { url, server } = await listening(() => 500);
    expect(await answersAt(url, signal)).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    expect(await answersAt(url, signal)).toBe(true);
    // An address that is kept for documents: nobody answers there, and no packet leaves without a way.
    expect(await answersAt("http://[100::1]:8081", signal, 200)).toBe(false);
  });
});
