import { describe, expect, it } from "vitest";
import { h } from "preact";
import { render } from "preact-render-to-string";
import { stateSchema } from "../../../control-plane/contract/page-api.ts";
import { PastBar } from "../../../control-plane/pages/parts/past-bar.tsx";
import { keyMeaning } from "../../../control-plane/pages/view/keys.ts";
import {
  minutesAfter,
  minutesBetween,
  showsPast,
  stateThen,
} from "../../../control-plane/pages/view/past.ts";
import { VIEWS } from "../../../control-plane/pages/view/route.ts";
import { Backups } from "../../../control-plane/pages/views/backups.tsx";
import { Hosts } from "../../../control-plane/pages/views/hosts.tsx";
import { NotKept } from "../../../control-plane/pages/views/replay.tsx";
import { host, service } from "./imitated-parts.ts";
import { household } from "./imitated-state.ts";
import { htmlOf, textOf } from "./shown.ts";

const AT = "2026-11-20T14:02:00.000Z";
const then = {
  at: AT,
  sequence: 900,
  hosts: [
    host(
      "nas",
      { minio: service("unhealthy") },
      {
        freshness: {
          state: "fresh",
          since: "2026-11-20T13:00:00.000Z",
          heard: "2026-11-20T14:01:57.000Z",
          silentAfterSeconds: 30,
        },
        backups: { minio: { ageSeconds: 60, at: "2026-11-20T14:01:00.000Z" } },
      },
    ),
  ],
};

describe("a past moment", () => {
  const state = stateThen(then, household());

  it("has the hosts of then, and of what the log does not keep nothing of now", () => {
    expect(stateSchema.safeParse(state).success).toBe(true);
    expect(state.hosts).toEqual(then.hosts);
    const { actions, incidents, drift, supervisor, observer } = state;
    expect([actions, incidents, drift, observer]).toEqual([[], [], [], null]);
    expect(supervisor).toEqual({ at: null, blind: null });
  });

  it("counts ages to itself, and not to now", () => {
    const showing = { state, past: then, now: Date.parse(AT) };
    expect(textOf(Hosts, showing)).toContain("Heard 3 s ago");
    expect(textOf(Backups, showing)).toContain("120 s ago".replace("120 s", "2 min"));
  });

  it("is named above everything with the one key that leads back", () => {
    const html = render(h(PastBar, { at: AT, back: () => undefined }));
    expect(html).toMatch(/Viewing [^<]*, not live/);
    expect(html).toContain("data-live");
    const plain = { ctrlKey: false, altKey: false, metaKey: false };
    expect(keyMeaning({ ...plain, key: "l" }, false)).toBe("live");
    expect(keyMeaning({ ...plain, key: "l" }, true)).toBeUndefined();
  });

  it("is no moment of a view that would show what the log does not keep", () => {
    expect(VIEWS.filter(showsPast)).toEqual(["services", "events", "backups", "hosts", "help"]);
    const html = htmlOf(NotKept, { hash: "#/overview", state, past: then });
    expect(html).not.toMatch(/<button|data-action/);
    expect(html).toContain("are not in it");
  });

  it("is chosen by the minute, within what is kept", () => {
    expect(minutesBetween(AT, "2026-11-20T15:02:30.000Z")).toBe(60);
    expect(minutesBetween(AT, "2026-11-20T10:00:00.000Z")).toBe(0);
    expect(minutesAfter(AT, 60)).toBe("2026-11-20T15:02:00.000Z");
  });
});
