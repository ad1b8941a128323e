import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { MOST_RECEIPTS, toldBoot } from "../../../../control-plane/contract/host-history.ts";
import type { ToldBoot } from "../../../../control-plane/contract/host-history.ts";
import type { BootState } from "../../../../programs/boot/boot-state.ts";
import { BootTimeline } from "../../../../programs/boot/foot/boot-timeline.ts";
import { hard, planOf, playBoot, soft, WELL } from "../imitation.ts";
import { ImitatedContainers } from "./imitated-containers.ts";
import { settingsFor, startFoot, ToldObserver } from "./told-observer.ts";

const WAIT = { timeout: 30_000, interval: 10 };
const NOON = Date.parse("2026-11-26T12:00:00.000Z");

const engines: ImitatedContainers[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

/** A boot in which one service waits for another and a mount, and one for a mount that stays away. */
const PLAN = planOf(
  [
    { name: "db" },
    { name: "web", requires: [hard("db"), hard("gate:media")] },
    { name: "tiles", requires: [hard("gate:far")] },
    { name: "proxy", requires: [soft("tiles", 5)] },
  ],
  { media: 60, far: 10 },
);

const boot = playBoot(
  PLAN,
  { db: { ...WELL, onStart: { kind: "healthy", after: 3 } } },
  {
    "gate:media": 8,
  },
);

const over = (state: BootState): BootState => ({ ...state, staying: true });

function told(): ToldBoot | undefined {
  const timeline = new BootTimeline();
  for (const { state, seconds } of boot.entries) timeline.note(state, seconds, NOON);
  return timeline.note(over(boot.state), boot.seconds, NOON + boot.seconds * 1000);
}

describe("the timeline of a boot", () => {
  it("says who waited for whom and until when, when each was started, and when it was there", () => {
    const made = told();
    expect(toldBoot.parse(made)).toEqual(made);
    expect(made?.began).toBe("2026-11-26T12:00:00.000Z");
    const web = made?.services.find(({ service }) => service === "web");
    expect(web).toMatchObject({ outcome: "healthy", why: null });
    expect(web?.waits.map(({ on }) => on).sort()).toEqual(["db", "gate:media"]);
    expect(web?.waits.find(({ on }) => on === "gate:media")?.until).toBeCloseTo(8, 0);
    expect(web?.started).toBeCloseTo(8, 0);
    expect(web?.settled).toBeGreaterThan(web?.started ?? Infinity);
  });

  it("names what keeps a service from starting, and what another was started without", () => {
    const services = new Map(told()?.services.map((each) => [each.service, each]));
    expect(services.get("tiles")).toMatchObject({
      outcome: "held",
      why: "gate:far",
      started: null,
    });
    expect(services.get("proxy")?.waits).toContainEqual({ on: "tiles", until: null });
    expect(told()?.gates.find(({ gate }) => gate === "far")).toMatchObject({
      opened: null,
      seen: "closed",
    });
  });

  it("is told once, and of no run that takes everything as it is", () => {
    const timeline = new BootTimeline();
    expect(timeline.note(over(boot.state), 1, NOON)).toBeUndefined();
    timeline.note(boot.state, boot.seconds, NOON);
    expect(timeline.note(over(boot.state), boot.seconds, NOON)).toBeDefined();
    expect(timeline.note(over(boot.state), boot.seconds + 9, NOON)).toBeUndefined();
  });
});

const receipt = (hour: number, more: object = {}): string =>
  JSON.stringify({
    version: 1,
    id: "r1",
    host: "nas",
    commit: "e".repeat(40),
    planDigest: "d".repeat(16),
    only: null,
    began: `2026-11-26T${String(hour).padStart(2, "0")}:00:00.000Z`,
    ended: `2026-11-26T${String(hour).padStart(2, "0")}:05:00.000Z`,
    by: "anna@desk",
    inputs: { digest: "secret-looking", updated: "x" },
    durations: { deploy: 9 },
    services: { immich: { image: "docker.io/library/immich:1", spec: "c".repeat(16) } },
    ...more,
  });

describe("a host that was deployed and has booted", () => {
  it("tells the newest receipts, a new one as soon as it lies there, and nothing of a torn one", async () => {
    const engine = await new ImitatedContainers({}).listen();
    engines.push(engine);
    const observer = await ToldObserver.open();
    const receipts = mkdtempSync(join(tmpdir(), "receipts-"));
    const write = (name: string, text: string): void =>
      writeFileSync(join(receipts, `20261126-${name}.json`), text);
    for (let hour = 0; hour < 12; hour++) write(String(hour).padStart(2, "0"), receipt(hour));
    write("12", '{"began":');
    const { path: settings } = settingsFor(observer.url);
    const { foot } = startFoot({ engine: engine.engine, settings, receipts });
    await vi.waitFor(() => expect(observer.world.receipts).toHaveLength(MOST_RECEIPTS - 1), WAIT);
    write("13", receipt(13, { commit: "unknown" }));
    await vi.waitFor(() => expect(observer.world.receipts?.[0]?.began).toContain("T13:"), WAIT);
    expect(observer.world.receipts?.[0]).toMatchObject({ commit: null, by: "anna@desk" });
    expect(observer.world.receipts).toHaveLength(MOST_RECEIPTS);
    expect(JSON.stringify(observer.said)).not.toContain("secret-looking");

    expect(observer.world.boot).toBeUndefined();
    for (const { state, seconds } of boot.entries) foot.observe(state, seconds);
    foot.observe(over(boot.state), boot.seconds);
    await vi.waitFor(() => expect(observer.world.boot?.services).toHaveLength(4), WAIT);
  });
});
