import { describe, expect, it } from "vitest";
import {
  hard,
  inWords,
  planOf,
  playBoot,
  soft,
  startOf,
  WELL,
  type Behaviour,
} from "./imitation.ts";

const healthyAfter = (after: number): Behaviour => ({
  ...WELL,
  onStart: { kind: "healthy", after },
});

describe("a boot", () => {
  it("starts a service the moment the last thing it waits for is healthy", () => {
    const plan = planOf([
      { name: "mosquitto" },
      { name: "home-assistant", requires: [hard("mosquitto")] },
    ]);
    const boot = playBoot(plan, { mosquitto: healthyAfter(3.5) }, {});
    expect(startOf(boot, "mosquitto")).toBe(0);
    expect(startOf(boot, "home-assistant")).toBeCloseTo(3.6);
  });

  it("starts what waits for nothing at once, whatever else is slow", () => {
    const plan = planOf([
      { name: "slow" },
      { name: "after", requires: [hard("slow")] },
      { name: "alone" },
    ]);
    expect(startOf(playBoot(plan, { slow: healthyAfter(50) }, {}), "alone")).toBe(0);
  });

  it("does not start a service below a mount that never comes, and goes on without it", () => {
    const plan = planOf([{ name: "sonarr", requires: [hard("gate:media")] }, { name: "grafana" }], {
      media: 300,
    });
    const boot = playBoot(plan, {}, { "gate:media": undefined });
    expect(startOf(boot, "sonarr")).toBeUndefined();
    expect(boot.state.services.get("sonarr")).toEqual({ at: "held", by: "gate:media" });
    expect(boot.state.services.get("grafana")?.at).toBe("healthy");
    expect(boot.seconds).toBe(300);
  });

  it("starts a service without what it can do without, once its limit is over", () => {
    const plan = planOf(
      [
        { name: "mosquitto" },
        { name: "frigate", requires: [hard("mosquitto"), soft("gate:nas", 40)] },
      ],
      { nas: 300 },
    );
    const boot = playBoot(plan, { mosquitto: healthyAfter(4.9) }, { "gate:nas": undefined });
    expect(startOf(boot, "frigate")).toBeCloseTo(45);
  });

  it("does not wait any longer for what already failed", () => {
    const plan = planOf([{ name: "ntfy" }, { name: "kuma", requires: [soft("ntfy", 60)] }]);
    const boot = playBoot(plan, { ntfy: { ...WELL, onStart: { kind: "refused" } } }, {});
    expect(startOf(boot, "kuma")).toBeCloseTo(0.1);
  });

  it("waits anew for what a service can do without when what it needs was lost meanwhile", () => {
    const plan = planOf([
      { name: "db" },
      { name: "cache" },
      { name: "app", requires: [hard("db", "started"), soft("cache", 1)] },
    ]);
    const crashes: Behaviour = { ...WELL, onStart: { kind: "crashes" } };
    // Up at 0.1 s, 1.5 s and 2.5 s, for less than a second each time, until it counts as failed.
    const boot = playBoot(plan, { db: crashes, cache: healthyAfter(30) }, {});
    expect(startOf(boot, "app")).toBeUndefined();
    expect(boot.state.services.get("app")).toEqual({ at: "held", by: "db" });
  });

  it("holds back only what cannot run without a failed service", () => {
    const plan = planOf([
      { name: "db", deadlineSeconds: 20 },
      { name: "app", requires: [hard("db")] },
      { name: "backup", requires: [hard("app")] },
      { name: "other" },
    ]);
    const { state } = playBoot(plan, { db: { ...WELL, onStart: { kind: "silent" } } }, {});
    expect(state.services.get("db")).toMatchObject({
      at: "failed",
      reason: "it was not healthy within 20 s; look at: docker logs db",
    });
    expect(state.services.get("app")).toEqual({ at: "held", by: "db" });
    expect(state.services.get("backup")).toEqual({ at: "held", by: "app" });
    expect(state.services.get("other")?.at).toBe("healthy");
  });

  it("calls three crashes a crash loop, and one crash nothing", () => {
    const plan = planOf([{ name: "loops" }]);
    const { state } = playBoot(plan, { loops: { ...WELL, onStart: { kind: "crashes" } } }, {});
    expect(state.services.get("loops")).toMatchObject({
      at: "failed",
      reason: expect.stringContaining("keeps crashing") as string,
    });
  });

  it("lets a service go on that waits until another has run to its end", () => {
    const plan = planOf([
      { name: "migrate" },
      { name: "app", requires: [hard("migrate", "completed")] },
    ]);
    const boot = playBoot(plan, { migrate: { ...WELL, onStart: { kind: "ends", after: 5 } } }, {});
    expect(boot.state.services.get("migrate")?.at).toBe("completed");
    expect(startOf(boot, "app")).toBeCloseTo(5.1);
  });
});

describe("a run on a host where containers run already", () => {
  const services = [{ name: "db" }, { name: "app", requires: [hard("db")] }];
  const found = (as: Behaviour["found"]): Behaviour => ({ ...WELL, found: as });
  const didWhat = (boot: ReturnType<typeof playBoot>) =>
    boot.entries.flatMap((entry) => ("did" in entry ? [inWords(entry.did)] : []));

  it("does nothing when everything is healthy", () => {
    const boot = playBoot(planOf(services), { db: found("healthy"), app: found("healthy") }, {});
    expect(didWhat(boot)).toEqual([]);
    expect(boot.seconds).toBe(0);
  });

  it("starts what is missing and leaves the rest alone", () => {
    const boot = playBoot(planOf(services), { db: found("healthy"), app: found("stopped") }, {});
    expect(didWhat(boot)).toEqual(["start app"]);
  });

  it("stops what the engine started before its time, dependents first, and starts it in order", () => {
    const boot = playBoot(planOf(services), { db: found("starting"), app: found("starting") }, {});
    // The database may run: nothing has to be there before it. The app has to wait for it.
    expect(didWhat(boot)).toEqual(["stop app", "start app"]);
    const broken = playBoot(
      planOf(services),
      { db: found("unhealthy"), app: found("healthy") },
      {},
    );
    expect(didWhat(broken)).toEqual(["stop app", "stop db", "start db", "start app"]);
  });

  it("stops what runs below a mount that is away", () => {
    const plan = planOf([{ name: "sonarr", requires: [hard("gate:media")] }], { media: 30 });
    const boot = playBoot(plan, { sonarr: found("healthy") }, { "gate:media": undefined });
    expect(didWhat(boot)).toEqual(["stop sonarr"]);
    expect(boot.state.services.get("sonarr")).toEqual({ at: "held", by: "gate:media" });
  });

  describe("without a mount that it can do without", () => {
    const { gates, ...rest } = planOf([{ name: "frigate", requires: [soft("gate:nas", 5)] }], {
      nas: 60,
    });
    const condition = { kind: "mount", path: "/mnt", source: "nas:/srv", writable: true } as const;
    const mounts = [...gates].map(([name, gate]) => [name, { ...gate, condition }] as const);
    const plan = { ...rest, gates: new Map(mounts) };
    const running = { frigate: found("healthy") };

    it("starts it anew when the mount comes, because it would not see it", () => {
      const boot = playBoot(plan, running, { "gate:nas": 20 }, ["frigate"]);
      expect(didWhat(boot)).toEqual(["stop frigate", "start frigate"]);
      expect(startOf(boot, "frigate")).toBeCloseTo(21);
    });

    it("leaves it alone when it sees the mount, or when the mount does not come", () => {
      expect(didWhat(playBoot(plan, running, { "gate:nas": 0 }))).toEqual([]);
      const away = playBoot(plan, running, { "gate:nas": undefined });
      expect(didWhat(away)).toEqual([]);
      expect(away.state.services.get("frigate")?.at).toBe("healthy");
    });
  });

  it("gives up on what does not stop, and says so", () => {
    const stuck = { ...found("unhealthy"), stops: false };
    const { state } = playBoot(planOf(services), { db: stuck, app: found("stopped") }, {});
    expect(state.services.get("db")).toMatchObject({
      at: "failed",
      reason: "it did not stop in time",
    });
  });
});
