import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lastDue } from "../../../../control-plane/supervisor/notify/digest.ts";
import { cut } from "../../../../control-plane/supervisor/notify/message.ts";
import { readNotifySettings } from "../../../../control-plane/supervisor/notify/settings.ts";
import { hostOf, serviceOf } from "../../../deploy/why/small-fleet.ts";
import { after, Home, repositoryOf, START } from "../imitated-home.ts";
import { toldHome } from "./told-home.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

function jobOf(name: string) {
  const keep = { daily: 7, weekly: 4, monthly: 12 };
  const backup = { repository: name, schedule: "45 2 1 * *", protects: [], keep, maxAgeHours: 25 };
  return { ...serviceOf(name), backup };
}

describe("the weekly digest", () => {
  it("is told once a week, with the copies' ages, what is unknown, and what waits", async () => {
    const names = ["a-backup", "b-backup", "c-backup", "d-backup"];
    const home = new Home(repositoryOf([hostOf("nas", ...names.map(jobOf), serviceOf("files"))]));
    const { pass, sent, restart } = await toldHome(home);
    expect(await sent()).toEqual([]);
    // From Thursday to Sunday, and then to Monday.
    home.time += 3 * DAY;
    const at = after(home.time);
    home.change("nas", {
      backups: {
        "a-backup": { ageSeconds: 9 * HOUR, at },
        "b-backup": { ageSeconds: 5 * DAY, at },
        "c-backup": { ageSeconds: null, at },
      },
    });
    home.becomes("nas/files", "exited");
    pass(10);
    await sent();
    home.time += DAY;
    pass(10);
    restart();
    pass(10);
    const digests = (await sent()).filter(({ tags }) => tags.includes("digest"));
    expect(digests).toHaveLength(1);
    const [digest] = digests;
    expect(digest).toMatchObject({ topic: "test-info", priority: 2 });
    expect(digest?.title).toMatch(/^the week: \d incidents?, 1 open action$/);
    const lines = digest?.message.split("\n") ?? [];
    expect(lines.slice(-4)).toEqual([
      "nas/c-backup: never",
      "nas/d-backup: unknown",
      expect.stringMatching(/^nas\/b-backup: [56] days$/),
      expect.stringMatching(/^nas\/a-backup: \d+ h$/),
    ]);
    expect(lines.join("\n")).toMatch(/waits for you: start nas\/files \([0-9a-f]{8}\)/);
  });

  it("says of an action that is approved or runs that it is under way, and not that it waits", async () => {
    const { pass, home, sent } = await toldHome();
    // From Thursday to an hour before Monday's.
    home.time +=
      lastDue({ weekday: 1, hour: 8 }, START + 7 * DAY * 1000) / 1000 - START / 1000 - HOUR;
    home.becomes("nas/files", "exited");
    home.becomes("docker-vm/db", "exited");
    pass(120);
    for (const { id, binding } of home.queue) {
      home.now(id, binding.host === "nas" ? "approved" : "running");
    }
    await sent();
    pass(HOUR, 60);
    const [digest] = (await sent()).filter(({ tags }) => tags.includes("digest"));
    expect(digest?.message).toMatch(/^under way: start nas\/files \([0-9a-f]{8}\), approved$/m);
    expect(digest?.message).toMatch(/^under way: start docker-vm\/db \([0-9a-f]{8}\), running$/m);
    expect(digest?.message).not.toContain("waits for you");
  });

  it("is due at the last such hour of that weekday", () => {
    const monday = { weekday: 1, hour: 8 };
    const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime();
    // The 23rd of November 2026 is a Monday.
    expect(lastDue(monday, at(23, 8))).toBe(at(23, 8));
    expect(lastDue(monday, at(23, 7))).toBe(at(16, 8));
    expect(lastDue(monday, at(29, 23))).toBe(at(23, 8));
    expect(lastDue({ weekday: 0, hour: 0 }, at(23, 7))).toBe(at(22, 0));
  });
});

describe("a text that is too long", () => {
  it("is cut to so many bytes, and never within a letter", () => {
    expect(cut("abc", 3)).toBe("abc");
    expect(cut("abcdef", 5)).toBe("ab…");
    expect(cut("€€€€", 9)).toBe("€€…");
    expect(cut("😀😀😀", 9)).toBe("😀…");
  });
});

describe("the settings of who is told", () => {
  const good = {
    version: 1,
    targets: [{ kind: "webhook", name: "hook", url: "https://hook.example/x" }],
    digest: { weekday: 1, hour: 8 },
  };
  const fileWith = (text: string): string => {
    const path = join(mkdtempSync(join(tmpdir(), "notify-")), "notify.json");
    writeFileSync(path, text);
    return path;
  };

  it("give up after three days, if they do not say otherwise", () => {
    expect(readNotifySettings(fileWith(JSON.stringify(good))).deadAfterDays).toBe(3);
  });

  const target = (change: object) => ({ ...good, targets: [{ ...good.targets[0], ...change }] });
  it.each([
    ["are no JSON", "{"],
    ["name nobody", JSON.stringify({ ...good, targets: [] })],
    [
      "have one name twice",
      JSON.stringify({ ...good, targets: [...good.targets, ...good.targets] }),
    ],
    ["have a login in an address", JSON.stringify(target({ url: "https://a:b@hook.example/" }))],
    ["have another protocol", JSON.stringify(target({ url: "file:///etc/passwd" }))],
    ["have a name that is a path", JSON.stringify(target({ name: "../queue" }))],
    ["have the name of the folder of what nobody took", JSON.stringify(target({ name: "dead" }))],
  ])("are refused where they %s, by the file's path", (_, text) => {
    const path = fileWith(text);
    expect(() => readNotifySettings(path)).toThrow(path);
  });
});
