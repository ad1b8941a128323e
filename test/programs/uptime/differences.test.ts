import { describe, expect, it } from "vitest";
import {
  isSame,
  monitorDifferences,
  monitorFields,
  noticeDifferences,
  noticeFields,
  type Fields,
  type Listed,
} from "../../../programs/uptime/differences.ts";
import type { UptimeMonitor } from "../../../programs/uptime/settings.ts";

const NOTICES = { critical: 1, warning: 2, info: 3 };

function declared(name: string, changes: Partial<UptimeMonitor> = {}): Fields {
  const monitor: UptimeMonitor = {
    name,
    type: "http",
    url: `https://${name}.home.example`,
    accepted_statuscodes: ["200"],
    interval: 60,
    maxretries: 2,
    tier: "critical",
    about: `vps/${name}`,
    ...changes,
  };
  return monitorFields(monitor, NOTICES);
}

/** As Uptime Kuma lists it, with fields of its own and numbers for yes and no. */
function listed(id: number, fields: Fields): Listed {
  return { ...fields, id, active: 1, upsideDown: 0, tags: [{ name: "mine" }], parent: 7 };
}

describe("the monitors that Uptime Kuma has", () => {
  it("are left alone when they are those that are declared", () => {
    const one = declared("one");
    expect(isSame(monitorDifferences([one], [listed(4, one)]))).toBe(true);
  });

  it("are added when one is missing", () => {
    const [one, two] = [declared("one"), declared("two")];
    expect(monitorDifferences([one, two], [listed(4, one)]).add).toEqual([two]);
  });

  it.each([
    ["asks another address", { url: "https://elsewhere.example" }],
    ["asks less often", { interval: 3600 }],
    ["tells nobody", { notificationIDList: {} }],
    ["says the opposite", { upsideDown: 1 }],
    ["is paused", { active: 0 }],
  ])("are changed back when one %s", (_, change) => {
    const one = declared("one");
    const { add, edit, remove } = monitorDifferences([one], [{ ...listed(4, one), ...change }]);
    expect(edit.map((entry) => entry.listed.id)).toEqual([4]);
    expect([add, remove]).toEqual([[], []]);
  });

  it("are removed when their declaration goes, and when there are two of a name", () => {
    const [one, gone] = [declared("one"), declared("gone")];
    const list = [listed(4, one), listed(5, gone), listed(6, one)];
    expect(monitorDifferences([one], list).remove.map(({ id }) => id)).toEqual([5, 6]);
  });

  it("are a person's own when they lack our mark, even under a name of ours", () => {
    const theirs = { ...listed(4, declared("one")), description: "for the holidays" };
    const { add, edit, remove } = monitorDifferences([declared("one")], [theirs]);
    expect(add).toHaveLength(1);
    expect([edit, remove]).toEqual([[], []]);
  });

  it("have an address whatever they ask, for ntfy refuses messages without one", () => {
    const ping = monitorFields(
      {
        name: "NAS",
        type: "ping",
        hostname: "100.64.0.2",
        interval: 60,
        maxretries: 2,
        tier: "warning",
        about: "nas",
      },
      NOTICES,
    );
    expect(ping["url"]).toBe("https://");
    expect(declared("one")["url"]).toBe("https://one.home.example");
  });

  it("wait for an answer no longer than until the next question", () => {
    expect(declared("one", { interval: 20 })).toMatchObject({ timeout: 16, retryInterval: 20 });
  });
});

describe("the notifications that Uptime Kuma has", () => {
  const fields = noticeFields(
    { tier: "critical", topic: "alarm", priority: 5 },
    { url: "http://ntfy", token: "tk_secret" },
  );
  const list = (config: Fields): Listed[] => [
    { id: 1, name: "homelab: critical", active: true, config: JSON.stringify(config) },
    { id: 2, name: "My phone", active: true, config: "{}" },
  ];

  it("follow the token when it was rotated", () => {
    expect(isSame(noticeDifferences([fields], list(fields)))).toBe(true);
    const old = { ...fields, ntfyaccesstoken: "tk_old" };
    expect(noticeDifferences([fields], list(old)).edit).toHaveLength(1);
  });

  it("of a person stay when ours go", () => {
    expect(noticeDifferences([], list(fields)).remove.map(({ id }) => id)).toEqual([1]);
  });
});
