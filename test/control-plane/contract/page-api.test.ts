import { describe, expect, it } from "vitest";
import { ENGINE_ACTIONS, type Happening } from "../../../control-plane/contract/events.ts";
import { logLineSchema } from "../../../control-plane/contract/log-line.ts";
import { loggedEvent, loggedEventSchema } from "../../../control-plane/contract/logged-event.ts";
import {
  eventsQuerySchema,
  graphSchema,
  loginSchema,
  MOST_EVENTS_SHOWN,
  stateSchema,
} from "../../../control-plane/contract/page-api.ts";
import { summaryOf } from "../../../control-plane/operator-ui/summary.ts";

const AT = "2026-11-26T10:00:00.000Z";

const NOTHING_YET = {
  version: 1,
  build: "b1",
  at: AT,
  summary: summaryOf({ hosts: [], health: undefined, actions: [], unreadable: 0 }, "b1", 0),
  hosts: [],
  actions: [],
  incidents: [],
  drift: [],
  supervisor: { at: null, blind: null },
  observer: null,
};

describe("the state that the page is sent", () => {
  it("can say that nothing is known yet", () => {
    expect(stateSchema.parse(NOTHING_YET)).toEqual(NOTHING_YET);
  });

  it("has no room for anything that its schema does not name", () => {
    expect(stateSchema.safeParse({ ...NOTHING_YET, env: { TOKEN: "x" } }).success).toBe(false);
  });
});

describe("the graph that the page is sent", () => {
  it("has gates as nodes, and says of an edge what it waits for", () => {
    const graph = {
      version: 1,
      nodes: [
        {
          id: "nas/jellyfin",
          host: "nas",
          service: "jellyfin",
          kind: "service",
          category: "media",
        },
        {
          id: "nas/gate:media",
          host: "nas",
          service: "gate:media",
          kind: "gate",
          category: "gate",
        },
      ],
      edges: [
        {
          from: "nas/jellyfin",
          to: "nas/gate:media",
          condition: "healthy",
          strength: "hard",
          why: null,
        },
      ],
    };
    expect(graphSchema.parse(graph)).toEqual(graph);
  });
});

describe("the query of events", () => {
  it("is the newest so many when it says nothing", () => {
    expect(eventsQuerySchema.parse({})).toEqual({ limit: MOST_EVENTS_SHOWN });
    expect(eventsQuerySchema.parse({ before: "17", host: "nas", limit: "20" })).toEqual({
      before: 17,
      host: "nas",
      limit: 20,
    });
  });

  it.each([
    { limit: "0" },
    { limit: "201" },
    { limit: "-1" },
    { limit: "1e2" },
    { before: "0" },
    { before: "9".repeat(16) },
    { before: ["1", "2"] },
    { host: "../nas" },
    { host: "-oProxyCommand=x" },
    { host: "$(id)" },
    { unit: "x" },
  ])("is refused as %j", (query) => {
    expect(eventsQuerySchema.safeParse(query).success).toBe(false);
  });
});

describe("a login", () => {
  it.each([
    { user: "anna", password: "" },
    { user: "anna", password: "x".repeat(257) },
    { user: "anna\n", password: "x" },
    { user: "", password: "x" },
    { user: "anna", password: "x", role: "operator" },
  ])("is none as %j", (login) => {
    expect(loginSchema.safeParse(login).success).toBe(false);
  });
});

describe("what happened, as a row", () => {
  const row = (happening: Happening) =>
    loggedEvent(
      logLineSchema.parse({
        version: 1,
        sequence: 7,
        at: AT,
        from: "host",
        host: "nas",
        stream: "1".repeat(32),
        number: 1,
        time: AT,
        happening,
      }),
    );

  it.each(ENGINE_ACTIONS)("fits its schema when the engine said %s", (action) => {
    const happening = {
      kind: "engine",
      container: "jellyfin",
      id: "1".repeat(64),
      action,
      image: "docker.io/jellyfin/jellyfin:1",
      timeNano: "1",
    } as const;
    expect(loggedEventSchema.parse(row(happening))).toMatchObject({
      host: "nas",
      kind: "engine",
      subject: "jellyfin",
      text: action,
    });
  });
});
