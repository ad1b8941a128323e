import { describe, expect, it } from "vitest";
import { stateSchema, graphSchema } from "../../../control-plane/contract/page-api.ts";
import { backupsOf } from "../../../control-plane/pages/view/backups.ts";
import { nodesOf, wayToCause, type Nodes } from "../../../control-plane/pages/view/nodes.ts";
import { countsOf, wantedOf } from "../../../control-plane/pages/view/service-rows.ts";
import { hostCondition } from "../../../control-plane/pages/view/tones.ts";
import { verdictOf, type Verdict } from "../../../control-plane/pages/view/verdict.ts";
import { graph } from "./imitated-graph.ts";
import { before, host, NOW, service } from "./imitated-parts.ts";
import { household } from "./imitated-state.ts";

const SURE = { old: null };
const OLD = { old: "the Observer is silent" };

const home = (more: Parameters<typeof household>[0] = {}, old: string | null = null): Nodes => {
  const state = household(more);
  return nodesOf(state, graph(state), { old });
};

function verdict(more: Parameters<typeof household>[0] = {}, old: string | null = null): Verdict {
  const state = household(more);
  return verdictOf(state, nodesOf(state, graph(state), { old }).all, { old });
}

const well = [host("nas", { minio: service("healthy") })];

describe("the household of these tests", () => {
  it("is a state and a graph by the contract", () => {
    expect(stateSchema.parse(household())).toEqual(household());
    expect(graphSchema.parse(graph())).toEqual(graph());
  });
});

describe("the verdict", () => {
  it("is one sentence that counts what is heard, what waits and what is not well", () => {
    expect(verdict()).toEqual({
      tone: "bad",
      sentence:
        "2 of 3 hosts fresh; 2 actions wait; one action under way; 2 incidents; 5 services not well; 3 services of which nobody knows",
    });
  });

  it("is good only when every host is fresh, nothing waits and nothing is unknown", () => {
    const quiet = { hosts: well, actions: [], incidents: [] };
    expect(verdict(quiet)).toEqual({
      tone: "good",
      sentence: "1 of 1 host fresh; no action waits; no incident",
    });
    expect(verdict({ ...quiet, supervisor: { at: before(4), blind: "no plan" } }).tone).toBe(
      "unknown",
    );
    const idle = { supervisor: { at: before(120), blind: null } };
    expect(verdict({ ...quiet, ...idle }).tone).toBe("unknown");
    const torn = { supervisor: { at: null, blind: null } };
    expect(verdict({ ...quiet, ...torn }).tone).toBe("unknown");
    const doubtful = [{ ...well[0]!, gap: { since: before(5), reason: "it was cut off" } }];
    expect(verdict({ ...quiet, hosts: doubtful }).tone).toBe("unknown");
  });

  it("says that nobody can tell when what is known is old, and counts nothing then", () => {
    const { tone, sentence } = verdict({}, OLD.old);
    expect(tone).toBe("unknown");
    expect(sentence).toBe("Nobody can tell how things are: the Observer is silent");
  });

  it("does not take a house without hosts for a good one", () => {
    expect(verdict({ hosts: [], actions: [], incidents: [] }).tone).toBe("unknown");
  });
});

describe("a service", () => {
  const toneOf = (nodes: Nodes, id: string): unknown => nodes.byId.get(id)?.tone;

  it("is neither good nor bad when nobody knows, and says what it was", () => {
    expect(home().byId.get("vps/headscale")).toMatchObject({
      tone: "unknown",
      word: "unreachable, was healthy",
    });
    const doubtful = { ...well[0]!, engine: { state: "away" as const, reason: "hangs", at: null } };
    expect(home({ hosts: [doubtful] }).byId.get("nas/minio")).toMatchObject({
      tone: "unknown",
      word: "unknown, was healthy",
    });
  });

  it("is never good once what is known is old", () => {
    const tones = new Set(home({}, OLD.old).all.map(({ tone }) => tone));
    expect([...tones]).toEqual(["unknown"]);
    expect(hostCondition(well[0]!, OLD).tone).toBe("unknown");
    expect(hostCondition(well[0]!, SURE).tone).toBe("good");
  });

  it("that ended well is at rest, unless an incident names it", () => {
    expect(toneOf(home(), "docker-vm/immich-migrate")).toBe("idle");
    const [incident] = household().incidents;
    const incidents = [{ ...incident!, cause: "docker-vm/immich-migrate" }];
    expect(toneOf(home({ incidents }), "docker-vm/immich-migrate")).toBe("bad");
  });

  it("is marked with how many of what it needs are not well, over any number of steps", () => {
    const { byId } = home();
    expect(byId.get("docker-vm/jellyfin")?.sickBelow).toBe(1);
    expect(byId.get("docker-vm/caddy")?.sickBelow).toBe(3);
    expect(byId.get("docker-vm/grafana")?.sickBelow).toBe(0);
  });

  it("that a plan has and nobody ever saw is unknown, and no name is mistaken for one that is there", () => {
    const hosts = [host("nas", {})];
    const drawn = {
      version: 1 as const,
      nodes: ["constructor", "gate:toString"].map((name) => ({
        id: `nas/${name}`,
        host: "nas",
        service: name,
        kind: "service" as const,
        category: "core",
      })),
      edges: [],
    };
    const nodes = nodesOf(household({ hosts }), drawn, SURE);
    expect(nodes.all.map(({ tone, word }) => [tone, word])).toEqual([
      ["unknown", "never seen"],
      ["unknown", "never seen"],
    ]);
  });
});

describe("the way to the cause", () => {
  const way = (nodes: Nodes, id: string): unknown[] =>
    wayToCause(nodes, id).map((step) => (step.cause ? [step.id, "begins"] : step.id));

  it("leads from what is sick over what it needs to where it begins", () => {
    expect(way(home(), "docker-vm/immich")).toEqual([
      "docker-vm/immich",
      ["docker-vm/gate:nas-media", "begins"],
    ]);
  });

  it("leads to the host where that is away", () => {
    expect(way(home(), "vps/headscale")).toEqual(["vps/headscale", ["vps", "begins"]]);
  });

  it("is not there for what is well, nor while nobody knows", () => {
    expect(way(home(), "docker-vm/grafana")).toEqual([]);
    expect(way(home({}, OLD.old), "docker-vm/immich")).toEqual([]);
  });
});

describe("the list of services", () => {
  it("begins with what is not well, then with what nobody knows", () => {
    const { all } = home();
    const rows = wantedOf(all, { text: "", host: "", tone: "" });
    expect(rows.slice(0, 9).map(({ tone }) => tone)).toEqual([
      ...Array<string>(5).fill("bad"),
      ...Array<string>(3).fill("unknown"),
      "busy",
    ]);
    expect(countsOf(all)).toEqual({ good: 16, busy: 1, bad: 5, idle: 1, unknown: 3 });
  });

  it("finds by every word, in name, host, kind and state", () => {
    const found = wantedOf(home().all, { text: "DOCKER media", host: "", tone: "" });
    expect(found.map(({ name }) => name)).toEqual([
      "immich",
      "jellyfin",
      "sonarr",
      "gate:nas-media",
    ]);
    expect(wantedOf(home().all, { text: "caddy", host: "vps", tone: "" })).toHaveLength(1);
  });

  it("of a thousand services on thirty hosts is there within a second", () => {
    const hosts = Array.from({ length: 30 }, (_, at) => {
      const names = Array.from(
        { length: 34 },
        (__, name) => [`s${name}`, service("healthy")] as const,
      );
      return host(`h${at}`, Object.fromEntries(names));
    });
    const state = household({ hosts });
    const edges = state.hosts.flatMap(({ host: on, services }) =>
      Object.keys(services)
        .slice(1)
        .map((name) => ({
          from: `${on}/${name}`,
          to: `${on}/s0`,
          condition: "healthy" as const,
          strength: "hard" as const,
          why: null,
        })),
    );
    const began = performance.now();
    expect(nodesOf(state, { ...graph(state), edges }, SURE).all).toHaveLength(1020);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe("the copies", () => {
  it("are as old as they were when the host said so, and what has passed since", () => {
    const rows = backupsOf(household(), SURE, NOW);
    expect(rows.map(({ id, tone }) => `${id} ${tone}`)).toEqual([
      "docker-vm/forgejo bad",
      "docker-vm/vaultwarden busy",
      "docker-vm/immich-db good",
      "docker-vm/paperless-db good",
      "nas/minio good",
    ]);
    expect(rows.find(({ job }) => job === "minio")?.copied).toBe(before(20_000 + 35));
  });

  it("of a host that is not heard are neither good nor bad", () => {
    expect(new Set(backupsOf(household(), OLD, NOW).map(({ tone }) => tone))).toEqual(
      new Set(["unknown"]),
    );
  });
});
