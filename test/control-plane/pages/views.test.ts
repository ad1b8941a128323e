import { h } from "preact";
import { render } from "preact-render-to-string";
import { describe, expect, it } from "vitest";
import { App } from "../../../control-plane/pages/app.tsx";
import { Skeleton } from "../../../control-plane/pages/parts/skeleton.tsx";
import { plain } from "../../../control-plane/pages/view/plain.ts";
import { MOST_DRAWN, pictureOf } from "../../../control-plane/pages/view/graph-picture.ts";
import { imageRows } from "../../../control-plane/pages/view/images.ts";
import { nodesOf } from "../../../control-plane/pages/view/nodes.ts";
import { Backups } from "../../../control-plane/pages/views/backups.tsx";
import { Drift } from "../../../control-plane/pages/views/drift.tsx";
import { Help } from "../../../control-plane/pages/views/help.tsx";
import { Hosts } from "../../../control-plane/pages/views/hosts.tsx";
import { Images } from "../../../control-plane/pages/views/images.tsx";
import { Incidents } from "../../../control-plane/pages/views/incidents.tsx";
import { Overview } from "../../../control-plane/pages/views/overview.tsx";
import { ServicePanel } from "../../../control-plane/pages/views/service-panel.tsx";
import { ServiceTable } from "../../../control-plane/pages/views/service-table.tsx";
import { graph } from "./imitated-graph.ts";
import { action, before, host, service } from "./imitated-parts.ts";
import { household } from "./imitated-state.ts";
import { htmlOf, textOf } from "./shown.ts";

const ALL = { Overview, Incidents, Images, Drift, Backups, Hosts, Help };
const QUIET = { hosts: [host("nas", {})], actions: [], incidents: [] };

/** The list of all services, as its view gives it. */
const List = (): ReturnType<typeof ServiceTable> =>
  ServiceTable({ wanted: nodesOf(household(), graph(), { old: null }).all, query: {} });
const Panel = (): ReturnType<typeof ServicePanel> =>
  ServicePanel({ id: "docker-vm/immich", query: {} });

describe("every view", () => {
  it("is drawn without style in its marks and without script, as the policy wants it", () => {
    for (const [name, view] of Object.entries({ ...ALL, List, Panel })) {
      expect(htmlOf(view), name).not.toMatch(/\sstyle=|\son[a-z]+=|<script|javascript:/);
    }
  });

  it("shows what a container says as text, with what cannot be seen written out (S17, S18)", () => {
    const evil = '"><img src=x onerror=alert(1)>\u001b[2J\u202egnp.exe\u0000';
    const state = household({
      incidents: [
        {
          cause: evil,
          detail: evil,
          since: household().at,
          flapping: false,
          affected: [evil],
          action: null,
          withheld: evil,
        },
      ],
      actions: [action("1", "restart", { reason: evil, rootCause: evil, outcome: evil })],
      hosts: [host("nas", {}, { gap: { since: household().at, reason: evil } })],
      supervisor: { at: null, blind: evil },
    });
    for (const [name, view] of Object.entries(ALL)) {
      const html = htmlOf(view, { state });
      expect(html, name).not.toMatch(/<img/);
      expect(html, name).not.toMatch(/[\u0000\u001b\u202e]/);
    }
    expect(htmlOf(Incidents, { state })).toContain("\\u001b[2J\\u202egnp.exe\\u0000");
  });

  it("caps a line however long it is", () => {
    expect(plain("x".repeat(1024 * 1024)).length).toBeLessThan(310);
  });

  it("has nothing good in it when what is known is old", () => {
    for (const [name, view] of Object.entries({ Overview, Backups, Drift, Hosts, Incidents })) {
      const html = htmlOf(view, {
        old: "the server does not answer",
        state: household({ actions: [] }),
      });
      expect(html, name).not.toMatch(/tone-(good|bad)/);
    }
    expect(textOf(Overview, { old: "the server does not answer" })).toContain("Nobody can tell");
  });
});

describe("a view with nothing in it", () => {
  it("says what that means, and when it was last so", () => {
    const state = household(QUIET);
    expect(textOf(Overview, { state })).toContain("Nothing waits. Last checked 4 s ago");
    expect(textOf(Incidents, { state })).toContain("No incident. Everything that is known is well");
    expect(textOf(Backups, { state })).toContain(
      "No job has said anything yet. Last checked 0 s ago",
    );
  });

  it("claims nothing to be well when nobody has compared", () => {
    const state = household({ ...QUIET, supervisor: { at: null, blind: null } });
    expect(textOf(Overview, { state })).toContain("The Supervisor has not compared anything yet");
    expect(textOf(Incidents, { state })).toContain("Last checked never");
    expect(textOf(Incidents, { state })).not.toContain("is well");
  });

  it("shows places and no zeros before the first data", () => {
    expect(render(h(Skeleton, { rows: 3 }))).not.toMatch(/\d/);
    Object.assign(globalThis, { location: { hash: "" }, document: {} });
    expect(render(h(App, {}))).not.toMatch(/>[^<]*\d[^<]*</);
  });
});

describe("the overview", () => {
  it("has a card for each action, and the ways to decide only where somebody can", () => {
    const html = htmlOf(Overview);
    expect(html.match(/data-action=/g)).toHaveLength(5);
    expect(html.match(/data-key="a" aria-disabled="false"/g)).toHaveLength(2);
    expect(textOf(Overview)).toContain("Run at the desk…");
  });

  it("tells who looks on why the buttons are off", () => {
    const showing = { role: "viewer" } as const;
    expect(htmlOf(Overview, showing)).not.toMatch(/aria-disabled="false"/);
    expect(textOf(Overview, showing)).toContain("You look on: an operator decides.");
  });

  it("says what makes it less sure: a full disk, a blind Supervisor, torn files", () => {
    const state = household();
    const text = textOf(Overview, {
      state: {
        ...state,
        summary: { ...state.summary, unreadable: 2 },
        supervisor: { at: state.at, blind: "the repository's plans are not there" },
        observer: { ...state.observer!, writable: false, problem: "no space left" },
      },
    });
    expect(text).toContain("The Observer cannot keep what comes: no space left");
    expect(text).toContain("Nothing is recommended: the repository's plans are not there");
    expect(text).toContain("2 files of the state cannot be read");
  });
});

describe("the images", () => {
  it("are listed with who has each, under which digests, as of the oldest look", () => {
    const other = `sha256:${"9".repeat(64)}`;
    const [a, b] = [service("healthy"), service("healthy")];
    const state = household({
      hosts: [
        host("nas", { a, b: { ...b, container: { ...b.container!, digest: other } } }),
        host("vps", { c: { ...a, container: { ...a.container!, at: before(600) } } }),
      ],
    });
    expect(imageRows(state)).toEqual([
      {
        id: "registry.lan/app:1.2.3",
        services: ["nas/a", "nas/b", "vps/c"],
        digests: [a.container!.digest, other],
        at: before(600),
      },
    ]);
    expect(textOf(Images, { state })).toContain("2 digests 10 min ago");
    expect(textOf(Images, { state })).toContain("npx homelab images outdated");
    expect(textOf(Images, { state: household({ hosts: [] }) })).toContain(
      "No container was looked at yet. Last checked 0 s ago",
    );
  });
});

describe("a service's panel", () => {
  it("has the command that shows its log, which never comes to the page", () => {
    expect(textOf(Panel)).toContain("ssh docker-vm docker logs --tail 200 immich");
  });

  it("says how it is and since when, what it needs and why, and the way to the cause", () => {
    const text = textOf(Panel);
    expect(text).toContain("stopped for 4 min seen 25 s ago");
    expect(text).toContain("held back by gate:nas-media");
    expect(text).toContain("docker-vm/gate:nas-media closed here it begins");
    expect(text).toContain("cannot run without: it cannot start without");
  });
});

describe("the graph", () => {
  const nodes = nodesOf(household(), graph(), { old: null });

  it("has who needs left of what is needed, and each edge that both ends are there for", () => {
    const picture = pictureOf(nodes.all, nodes.ways);
    const x = (id: string): number => picture?.nodes.find(({ node }) => node.id === id)?.x ?? 0;
    for (const { from, to } of nodes.ways.edges)
      expect(x(from), `${from} ${to}`).toBeLessThan(x(to));
    expect(picture?.edges).toHaveLength(nodes.ways.edges.length);
    expect(picture?.nodes.filter(({ title }) => title === "vps/caddy")).toHaveLength(1);
  });

  it("is none for more than can be read: the list says the same", () => {
    const names = Array.from(
      { length: MOST_DRAWN + 1 },
      (_, at) => [`s${at}`, service("healthy")] as const,
    );
    const hosts = [host("nas", Object.fromEntries(names))];
    const many = nodesOf(household({ hosts }), null, { old: null });
    expect(pictureOf(many.all, many.ways)).toBeUndefined();
  });
});
