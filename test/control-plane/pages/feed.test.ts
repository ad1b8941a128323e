import { describe, expect, it } from "vitest";
import { stateIn } from "../../../control-plane/pages/feed/answers.ts";
import { streamReader } from "../../../control-plane/pages/feed/event-stream.ts";
import {
  arrived,
  bannerOf,
  knowledgeOf,
  nothingYet,
  type Arrival,
  type Feed,
} from "../../../control-plane/pages/feed/feed.ts";
import { ageOf, serverNow, spanText } from "../../../control-plane/pages/view/ages.ts";
import { keyMeaning } from "../../../control-plane/pages/view/keys.ts";
import { hrefOf, routeOf } from "../../../control-plane/pages/view/route.ts";
import { NOW } from "./imitated-parts.ts";
import { household } from "./imitated-state.ts";

const session = { user: "anna", role: "operator" } as const;
const said: Arrival = { kind: "state", state: household(), by: "stream" };

function after(...arrivals: readonly Arrival[]): Feed {
  return arrivals.reduce((feed, arrival) => arrived(feed, arrival, 1000), nothingYet(0));
}

describe("what the page knows", () => {
  it("is live by the stream, and asks with a banner when that is cut; the last data stays", () => {
    const live = after({ kind: "session", session }, said);
    expect([live.link, bannerOf(live)]).toEqual(["live", null]);
    const cut = arrived(live, { kind: "cut" }, 2000);
    expect(cut.state).toBe(live.state);
    expect(bannerOf(cut)).toContain("asks every 10 s");
    const asked = arrived(cut, { ...said, by: "asking" }, 3000);
    expect(asked.link).toBe("polling");
    expect(knowledgeOf(asked, 3000).old).toBeNull();
    expect(bannerOf(arrived(asked, said, 4000))).toBeNull();
  });

  it("is old once nobody answers, or after silence, and keeps the last data", () => {
    const live = after({ kind: "session", session }, said);
    const lost = arrived(live, { kind: "lost" }, 2000);
    expect(knowledgeOf(lost, 2000).old).toContain("does not answer");
    expect(lost.state).not.toBeNull();
    expect(arrived(lost, { kind: "cut" }, 2100).link).toBe("lost");
    expect(knowledgeOf(live, 45_000).old).toBeNull();
    expect(knowledgeOf(live, 47_000).old).not.toBeNull();
    // A sign of life says that the server is there, and nothing of what it knows.
    expect(knowledgeOf(arrived(live, { kind: "alive" }, 30_000), 47_000).old).not.toBeNull();
  });

  it("is old while the Observer is silent", () => {
    const state = household();
    const observer = { ...state.summary.observer, state: "silent" as const };
    const silent = { ...state, summary: { ...state.summary, observer } };
    expect(knowledgeOf(after({ kind: "state", state: silent, by: "stream" }), 1000).old).toContain(
      "Observer",
    );
  });

  it("says to load it again when the server is of another version or was built anew", () => {
    expect(stateIn({ version: 2 })).toEqual({ version: "other" });
    expect(
      bannerOf(after(said, { kind: "state", state: { version: "other" }, by: "asking" })),
    ).toContain("another version");
    const anew = { ...household(), build: "other" };
    expect(bannerOf(after(said, { kind: "state", state: anew, by: "stream" }))).toContain(
      "built anew",
    );
  });

  it("takes what a proxy says instead of a state for no answer", () => {
    for (const value of [null, "<html>", {}, { version: 1 }, { version: 1, hosts: {} }]) {
      expect(() => stateIn(value)).toThrow();
    }
  });

  it("leaves nothing of what one person saw to the next", () => {
    const out = after({ kind: "session", session }, said, { kind: "session", session: null });
    expect([out.session, out.state, out.build]).toEqual([null, null, null]);
  });
});

describe("the stream", () => {
  it("is read whatever pieces it comes in, and comments are no event", () => {
    const text = ': hello\n\nevent: state\ndata: {"a":1,\r\ndata: "b":2}\r\n\r\n:\n\ndata: x\n\n';
    const whole = [
      { name: "state", data: '{"a":1,\n"b":2}' },
      { name: "message", data: "x" },
    ];
    expect(streamReader()(text)).toEqual(whole);
    const read = streamReader();
    expect([...text].flatMap((letter) => read(letter))).toEqual(whole);
  });
});

describe("ages", () => {
  it("are by the server's clock, whatever the browser's says", () => {
    const moment = { said: NOW, came: 5_000_000 };
    const now = serverNow(moment, 5_012_000);
    expect(ageOf(new Date(NOW - 3000).toISOString(), now)).toBe(15);
    expect(serverNow(moment, 4_000_000)).toBe(NOW);
  });

  it("are told in the largest unit that still says something", () => {
    expect([119, 120, 7199, 7200, 172_799, 172_800].map(spanText)).toEqual([
      "119 s",
      "2 min",
      "119 min",
      "2 h",
      "47 h",
      "2 d",
    ]);
  });
});

describe("addresses and keys", () => {
  it("name a view with what is looked for, and lead back to the overview from nowhere", () => {
    const href = hrefOf("services", "nas/gate:a b", { q: "x&y", host: "" });
    expect(routeOf(href)).toEqual({
      view: "services",
      subject: "nas/gate:a b",
      query: new Map([["q", "x&y"]]),
    });
    for (const hash of ["", "#", "#/nowhere/x", "#/__proto__"]) {
      expect(routeOf(hash)).toMatchObject({ view: "overview", subject: "" });
    }
    expect(routeOf("#/services/%E0%A4%A").subject).toBe("%E0%A4%A");
  });

  it("mean nothing while somebody writes, and nothing together with others", () => {
    const key = (name: string, more = {}): Parameters<typeof keyMeaning>[0] => ({
      key: name,
      ctrlKey: false,
      altKey: false,
      metaKey: false,
      ...more,
    });
    expect(keyMeaning(key("a"), false)).toBe("approve");
    expect(keyMeaning(key("a"), true)).toBeUndefined();
    expect(keyMeaning(key("Escape"), true)).toBe("leave");
    expect(keyMeaning(key("r", { ctrlKey: true }), false)).toBeUndefined();
    expect(keyMeaning(key("constructor"), false)).toBeUndefined();
  });
});
