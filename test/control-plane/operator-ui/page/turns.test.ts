import { describe, expect, it, vi } from "vitest";
import { Turns } from "../../../../control-plane/operator-ui/page/turns.ts";
import { servedPage, type Got } from "./page-room.ts";

/** Work that ends when it is told to. */
function held() {
  const ends: (() => void)[] = [];
  let most = 0;
  let now = 0;
  const work = async (): Promise<string> => {
    now += 1;
    most = Math.max(most, now);
    await new Promise<void>((resolve) => ends.push(resolve));
    now -= 1;
    return "done";
  };
  const endAll = async (): Promise<void> => {
    for (let end = ends.shift(); end; end = ends.shift()) {
      end();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { work, endAll, most: () => most };
}

describe("turns", () => {
  it("are so many at once, then so many that wait, and none beyond that", async () => {
    const { work, endAll, most } = held();
    const turns = new Turns(2, 3);
    const tried = Array.from({ length: 7 }, () => turns.take(work));
    const taken = tried.flatMap((one) => (one === undefined ? [] : [one]));
    expect(tried.slice(5)).toEqual([undefined, undefined]);
    await endAll();
    expect(await Promise.all(taken)).toEqual(["done", "done", "done", "done", "done"]);
    expect(most()).toBe(2);
  });

  it("come free again also after work that failed", async () => {
    const turns = new Turns(1, 0);
    await expect(turns.take(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await turns.take(() => Promise.resolve(1))).toBe(1);
  });
});

describe("the events of the page", () => {
  it("are looked for by a few at once; who comes when many wait is told to come again", async () => {
    const { work, endAll, most } = held();
    const { ask, as } = await servedPage({
      events: async () => {
        await work();
        return { events: [], next: null };
      },
    });
    const cookie = await as("viewer");
    const asked = Array.from({ length: 20 }, () => ask("GET", "/api/events", { cookie }));
    const answered: Got[] = [];
    for (const one of asked) void one.then((got) => answered.push(got));
    // All have asked when those that are refused are.
    await vi.waitFor(() => expect(answered).toHaveLength(10), { timeout: 60_000, interval: 10 });
    expect(answered.map(({ status }) => status)).toEqual(Array(10).fill(429));
    expect(answered[0]?.headers["retry-after"]).toBe("2");
    const all = Promise.all(asked);
    let isOver = false;
    void all.then(() => (isOver = true));
    while (!isOver) await endAll().then(() => new Promise((resolve) => setImmediate(resolve)));
    expect((await all).filter(({ status }) => status === 200)).toHaveLength(10);
    expect(most()).toBe(2);
  });
});
