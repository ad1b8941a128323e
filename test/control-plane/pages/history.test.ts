import type { VNode } from "preact";
import { describe, expect, it } from "vitest";
import { hostHistorySchema, type HostHistory } from "../../../control-plane/contract/page-api.ts";
import { coursesOf } from "../../../control-plane/pages/view/boot-course.ts";
import { backupsOf, restoreCondition } from "../../../control-plane/pages/view/backups.ts";
import {
  differencesBetween,
  pairOf,
  receiptRows,
} from "../../../control-plane/pages/view/receipts.ts";
import { Backups } from "../../../control-plane/pages/views/backups.tsx";
import { Boots } from "../../../control-plane/pages/views/boot.tsx";
import { Deployments, Receipts } from "../../../control-plane/pages/views/deployments.tsx";
import { histories } from "./imitated-histories.ts";
import { before, host, NOW } from "./imitated-parts.ts";
import { household } from "./imitated-state.ts";
import { htmlOf, textOf, type Showing } from "./shown.ts";

const EVIL = '"><img src=x onerror=alert(1)>\u001b[2J\u202e';

const receipts =
  (all: readonly HostHistory[] = histories()) =>
  (): VNode =>
    Receipts({ histories: all });
const boots =
  (all: readonly HostHistory[] = histories()) =>
  (): VNode =>
    Boots({ histories: all });

describe("what lies behind the hosts of these tests", () => {
  it("is by the contract", () => {
    for (const each of histories()) expect(hostHistorySchema.parse(each)).toEqual(each);
  });
});

describe("the deployments", () => {
  const rows = receiptRows(histories(), "docker-vm");

  it("of all hosts are listed, the newest first, each with its age", () => {
    expect(receiptRows(histories(), "").map(({ host: on }) => on)).toEqual([
      "docker-vm",
      "nas",
      "docker-vm",
    ]);
    expect(textOf(receipts())).toMatch(/60 min ago docker-vm 555555555555 the whole host 3/);
  });

  it("are compared two by two: the newest with the one before, or those that somebody chose", () => {
    const pair = pairOf(rows, "", "");
    expect(differencesBetween(pair!).map(({ name, change }) => `${name} ${change}`)).toEqual([
      "commit commit",
      "plan plan",
      "grafana image",
      "immich added",
      "jellyfin removed",
      "sonarr settings",
    ]);
    const [newest, oldest] = rows.map(({ receipt }) => receipt.began);
    const back = differencesBetween(pairOf(rows, newest!, oldest!)!);
    expect(back.find(({ name }) => name === "immich")?.change).toBe("removed");
    expect(pairOf(rows, newest!, newest!)).toBeUndefined();
    expect(pairOf(rows.slice(1), "", "")).toBeUndefined();
  });

  it("say which host is held, by whom and since when", () => {
    const hold = { by: "anna@desk", commit: null, at: before(600) };
    const state = household({ hosts: [host("nas", {}, { hold }), host("vps", {})] });
    const text = textOf(Deployments, { state });
    expect(text).toContain("held at a deployment by anna@desk 10 min ago");
    expect(text).toContain("not held");
  });

  it("that nobody told of are said not to be told, with when that was last so", () => {
    const [first] = histories();
    const none = receipts([{ ...first!, receipts: [] }]);
    expect(textOf(none)).toContain("No host has told of a deployment");
    expect(textOf(none)).toContain("Last checked 2 s ago");
    expect(textOf(none)).toContain("Two receipts are needed");
  });
});

describe("the boot", () => {
  it("lists services as they were started, with what each waited for, the last one first", () => {
    const courses = coursesOf(histories()[0]!.boot!);
    expect(courses.map(({ service }) => service)).toEqual([
      "prometheus",
      "grafana",
      "caddy",
      "jellyfin",
    ]);
    const text = textOf(boots());
    expect(text).toContain("jellyfin: started without authelia until 12 s");
    expect(text).toContain("held back: gate:nas-media");
    expect(text).toContain("nas-media stayed closed: not mounted");
  });

  it("keeps its lines within the whole, however long one took", () => {
    const { boot } = histories()[0]!;
    for (const { startPlace, endPlace } of coursesOf({ ...boot!, seconds: 0 })) {
      expect(startPlace).toBeGreaterThanOrEqual(0);
      expect(endPlace).toBeLessThanOrEqual(1);
      expect(endPlace).toBeGreaterThanOrEqual(startPlace);
    }
  });

  it("that nobody told of is said not to be told, with when that was last so", () => {
    expect(textOf(boots())).toContain("No boot is known of");
    expect(textOf(boots())).toContain("Last checked 2 s ago");
    expect(textOf(boots([]))).toContain("Last checked 0 s ago");
  });
});

describe("what a host says of its past", () => {
  it("is text, with no style and no script in its marks", () => {
    const [first] = histories();
    const boot = first!.boot!;
    const evil: HostHistory = {
      ...first!,
      boot: {
        ...boot,
        gates: [{ gate: EVIL, opened: null, seen: EVIL }],
        services: boot.services.map((each) => ({
          ...each,
          service: EVIL,
          why: EVIL,
          waits: [{ on: EVIL, until: null }],
        })),
      },
      receipts: first!.receipts.map((each, at) => ({
        ...each,
        by: EVIL,
        only: EVIL,
        services: [{ service: EVIL, image: `${EVIL}${at}`, spec: EVIL }],
      })),
    };
    for (const view of [receipts([evil]), boots([evil])]) {
      const html = htmlOf(view, {} satisfies Showing);
      expect(html).not.toMatch(/<img|[\u001b\u202e]|\sstyle=|<script/);
      expect(html).toContain("\\u001b");
    }
  });
});

describe("a compared restore", () => {
  it("has its age beside the copy, and a copy that nobody compared says so", () => {
    const rows = backupsOf(household(), { old: null }, NOW);
    const said = Object.fromEntries(
      rows.map(({ job, verified }) => [job, restoreCondition(verified).word]),
    );
    expect(said).toMatchObject({
      "immich-db": "as the original",
      vaultwarden: "never compared",
      forgejo: "not told yet",
    });
    expect(textOf(Backups)).toContain("as the original 5 d ago");
    expect(restoreCondition({ at: before(9), good: false }).tone).toBe("busy");
  });
});
