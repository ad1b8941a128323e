import { afterEach, describe, expect, it, vi } from "vitest";
import { hard, planOf } from "./imitation.ts";
import { closeEngines, settledHost } from "./settled-run.ts";

const HEALTHY = { status: "running", health: "healthy" };
const soon = { timeout: 5000 };

afterEach(() => {
  vi.restoreAllMocks();
  closeEngines();
});

describe("an orchestrator above whose services a mount goes stale", () => {
  const plan = planOf(
    [
      { name: "sonarr", requires: [hard("gate:nas-media")] },
      { name: "seerr", requires: [hard("sonarr")] },
      { name: "grafana" },
    ],
    { "nas-media": 1 },
  );
  const up = { sonarr: HEALTHY, seerr: HEALTHY, grafana: HEALTHY };
  const stale = { saw: "stale", seen: "Stale file handle" } as const;
  const settled = async () => {
    const host = await settledHost(plan, up, []);
    host.gates.get("nas-media")?.tell({ open: true, seen: "" });
    await vi.waitFor(() => expect(host.kept().gates["gate:nas-media"]?.open).toBe(true), soon);
    return host;
  };

  it("looks at it while they run, and not under maintenance, and records silence without a word", async () => {
    const host = await settled();
    const mount = host.mounts.get("/mnt/nas-media");
    expect([...host.mounts.keys()]).toEqual(["/mnt/nas-media"]);
    expect(mount?.isToLook()).toBe(true);
    host.around.paused = true;
    expect(mount?.isToLook()).toBe(false);
    host.around.paused = false;
    const before = host.lines.length;
    mount?.onLook({ saw: "silent", seen: "its server did not answer within 10 s" });
    expect(host.kept().gates["gate:nas-media"]).toMatchObject({
      open: true,
      seen: "its server did not answer within 10 s",
    });
    mount?.onLook({ saw: "well", seen: "" });
    expect(host.kept().gates["gate:nas-media"]).not.toHaveProperty("seen");
    expect(host.lines.slice(before)).toEqual([]);
    expect(host.engine.calls).toEqual([]);
  });

  it("stops them, renews it, and starts them again, and says so", async () => {
    const host = await settled();
    host.mounts.get("/mnt/nas-media")?.onLook(stale);
    const now = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => now() + 10_000);
    host.mounts.get("/mnt/nas-media")?.onLook(stale);
    await vi.waitFor(() => expect(host.renewed).toEqual(["/mnt/nas-media"]), soon);
    expect(host.engine.calls).toEqual(["stop seerr", "stop sonarr"]);
    host.gates.get("nas-media")?.tell({ open: true, seen: "" });
    await vi.waitFor(() => expect(host.kept().services["seerr"]?.state).toBe("healthy"), soon);
    expect(host.engine.calls.slice(2)).toEqual(["start sonarr", "start seerr"]);
    expect(host.lines).toContain(
      "gate:nas-media: its mount is stale, and is mounted anew once who runs above it has stopped: Stale file handle",
    );
  });
});
