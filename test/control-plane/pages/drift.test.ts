import { describe, expect, it } from "vitest";
import { driftOfHosts, driftOfNode, driftRows } from "../../../control-plane/pages/view/drift.ts";
import { nodesOf } from "../../../control-plane/pages/view/nodes.ts";
import { Drift } from "../../../control-plane/pages/views/drift.tsx";
import { graph } from "./imitated-graph.ts";
import { before, host, service } from "./imitated-parts.ts";
import { household } from "./imitated-state.ts";
import { htmlOf, textOf } from "./shown.ts";

const SURE = { old: null };

describe("the drift of a host", () => {
  it("is a column of its own beside its health: one that is fresh differs, and one that is not heard is unknown", () => {
    expect(driftOfHosts(household(), SURE).map(({ host: on, tone }) => `${on} ${tone}`)).toEqual([
      "docker-vm busy",
      "nas busy",
      "vps unknown",
    ]);
    expect(textOf(Drift)).toContain("vps not heard any more not compared: nobody knows");
  });

  it("is neither there nor away when nobody compares, or what is known is old", () => {
    const state = household();
    const tones = (more: object, old: string | null = null): unknown[] =>
      driftOfHosts({ ...state, ...more }, { old }).map(({ tone }) => tone);
    const nobody = ["unknown", "unknown", "unknown"];
    expect(tones({}, "the server does not answer")).toEqual(nobody);
    expect(tones({ supervisor: { at: before(90), blind: null } })).toEqual(nobody);
    expect(tones({ supervisor: { at: before(2), blind: "the world is old" } })).toEqual(nobody);
    expect(tones({ drift: [] })).toEqual(nobody);
  });
});

describe("what differs", () => {
  it("is shown by fingerprints of both sides, with the plan of a host, and what no plan has", () => {
    const extra = { ...service("running"), planned: false };
    const own = { ...extra, container: { ...extra.container!, spec: null } };
    const hosts = [host("nas", { left: extra, mine: own }), ...household().hosts];
    const rows = driftRows(household({ hosts: hosts.slice(0, 2) }), SURE);
    expect(rows.map(({ id }) => id)).toEqual([
      "nas/ plan",
      "nas/left unplanned",
      "docker-vm/grafana image",
      "docker-vm/sonarr made",
    ]);
    expect(textOf(Drift)).toContain("another image cdcdcdcdcdcd abababababab 25 s ago");
  });

  it("that was found before its host went silent is shown as old", () => {
    const [first, ...others] = household().drift;
    const drift = [{ ...first!, withheld: "nobody knows how it is now" }, ...others];
    expect(textOf(Drift, { state: household({ drift }) })).toContain(
      "another image, found before that",
    );
  });

  it("is nothing only where every host was compared", () => {
    const state = household({ hosts: [host("nas", {})], drift: [] });
    expect(textOf(Drift, { state })).toContain("Nobody can tell whether anything is other");
    const drift = [{ host: "nas", withheld: null, looked: before(25), differences: [] }];
    expect(textOf(Drift, { state: { ...state, drift } })).toContain(
      "Nothing is other than declared, as far as was compared. Last checked 4 s ago",
    );
  });
});

describe("the drift of a service", () => {
  const state = household();
  const nodes = nodesOf(state, graph(), SURE);
  const said = (id: string): string | undefined =>
    driftOfNode(nodes.byId.get(id)!, state, SURE)?.word;

  it("says what differs, or that its host's plan does, and nothing of a mount", () => {
    expect(said("docker-vm/grafana")).toBe("another image");
    expect(said("docker-vm/forgejo")).toBe("as declared");
    expect(said("nas/minio")).toBe("its host has another plan");
    expect(said("vps/caddy")).toBe("unknown");
    expect(said("docker-vm/gate:nas-media")).toBeUndefined();
  });

  it("has what a container says only as text", () => {
    const evil = '"><img src=x>\u001b[2J';
    const [first] = household().drift;
    const drift = [{ ...first!, differences: [{ ...first!.differences[0]!, found: evil }] }];
    expect(htmlOf(Drift, { state: household({ drift }) })).not.toMatch(/<img|\u001b/);
  });
});
