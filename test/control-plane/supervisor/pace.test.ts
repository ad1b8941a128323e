import { describe, expect, it } from "vitest";
import { desiredOf } from "../../../control-plane/supervisor/desired.ts";
import { after, Home, repositoryOf, said, SMALL, smallHome } from "./imitated-home.ts";

/** A person approves at once, the host acts, and it does not help. */
function failsAtOnce(home: Home): void {
  for (const { id, state } of home.queue) if (state === "pending") home.now(id, "failed");
}

describe("a service that crashes again and again", () => {
  it("is recommended at most six times in an hour, with growing gaps (R19)", () => {
    const home = smallHome();
    home.becomes("nas/files", "restarting");
    const times: number[] = [];
    for (let second = 0; second < 3600; second += 5) {
      for (const _ of home.look(5).actions) times.push(second);
      failsAtOnce(home);
    }
    expect(times.length).toBeGreaterThan(1);
    expect(times.length).toBeLessThanOrEqual(6);
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect([...gaps].sort((a, b) => a - b)).toEqual(gaps);
    expect(new Set(gaps).size).toBe(gaps.length);
  });

  it("is one problem although it starts in between", () => {
    const home = smallHome();
    for (let round = 0; round < 20; round++) {
      home.becomes("nas/files", "restarting");
      home.during(10);
      home.becomes("nas/files", "starting");
      home.during(10);
    }
    expect(home.queue).toHaveLength(1);
    expect(home.look().incidents[0]).toMatchObject({ cause: "nas/files", flapping: false });
  });

  it("is rolled back to the deployment before, when that changed it and starting does not help", () => {
    const now = { image: "i", spec: "1".repeat(16) };
    const receipts = {
      nas: [
        { began: "2026-11-26T11:00:00.000Z", commit: "c".repeat(40), services: { files: now } },
        {
          began: "2026-11-20T11:00:00.000Z",
          commit: "b".repeat(40),
          services: { files: { ...now, spec: "2".repeat(16) } },
        },
      ],
    };
    const home = smallHome({ receipts });
    home.becomes("nas/files", "restarting");
    const seen: string[] = [];
    for (let second = 0; second < 1800; second += 5) {
      seen.push(...said(home.look(5).actions));
      failsAtOnce(home);
    }
    expect(seen.slice(0, 3)).toEqual([
      "nas start files",
      "nas start files",
      "nas roll-back 2026-11-20T11:00:00.000Z",
    ]);
    const last = home.queue.at(2);
    expect(last?.binding.commit).toBe("b".repeat(40));
    expect(last).toMatchObject({ risk: "high", reversibility: { kind: "by-receipt" } });
  });
});

describe("a service that was well for a while", () => {
  it("is recommended at once when it stops again, as if for the first time", () => {
    const home = smallHome();
    for (let round = 0; round < 5; round++) {
      home.becomes("nas/files", "exited");
      expect(said(home.during(5)), `round ${round}`).toEqual(["nas start files"]);
      for (const { id } of home.queue) home.now(id, "verified");
      home.becomes("nas/files", "healthy");
      home.during(700, 10);
    }
    expect(home.memory).toEqual({ appearances: {}, tries: {} });
  });

  it("is not, when it was well for a moment only", () => {
    const home = smallHome();
    home.becomes("nas/files", "exited");
    home.during(5);
    for (const { id } of home.queue) home.now(id, "verified");
    home.becomes("nas/files", "healthy");
    home.during(20);
    home.becomes("nas/files", "exited");
    expect(home.during(60)).toEqual([]);
    expect(home.look().incidents[0]?.withheld).toContain("it was proposed before");
  });
});

describe("a service that flaps", () => {
  it("is marked so, and nothing more is recommended until it settles (R15)", () => {
    const home = smallHome();
    let proposed = 0;
    for (let flap = 0; flap < 30; flap++) {
      home.becomes("nas/files", "exited");
      proposed += home.during(10).length;
      home.becomes("nas/files", "healthy");
      proposed += home.during(10).length;
    }
    expect(proposed).toBeLessThanOrEqual(2);
    home.becomes("nas/files", "exited");
    home.during(5);
    expect(home.look().incidents[0]).toMatchObject({ flapping: true });
    expect(home.during(900, 5)).toHaveLength(1);
  });
});

describe("an action that nobody decides on", () => {
  it("expires, and comes back later each time", () => {
    const home = smallHome();
    home.becomes("nas/files", "exited");
    home.during(3605, 5);
    expect(home.queue.map(({ state }) => state)).toContain("expired");
    home.during(20 * 3600, 60);
    const times = home.queue.map(({ proposedAt }) => Date.parse(proposedAt));
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(Math.max(...gaps)).toBeGreaterThan(5 * 3600_000);
    expect(home.queue.length).toBeLessThan(12);
  });
});

describe("an action that was rejected", () => {
  it("is not proposed again for a day, and then once", () => {
    const home = smallHome();
    home.becomes("nas/files", "exited");
    const [action] = home.during(5);
    home.now(action?.id ?? "", "rejected");
    expect(home.during(23 * 3600, 60)).toEqual([]);
    expect(home.during(2 * 3600, 60)).not.toEqual([]);
  });
});

describe("an action under way", () => {
  it.each(["claimed", "running", "interrupted"] as const)(
    "that is %s lets nothing else be proposed for its host",
    (state) => {
      const home = smallHome();
      home.becomes("nas/files", "exited");
      const [action] = home.during(5);
      home.now(action?.id ?? "", state);
      home.becomes("nas/store", "exited");
      home.becomes("docker-vm/web", "exited");
      expect(said(home.during(60))).toEqual(["docker-vm start web"]);
    },
  );

  it("is not closed, whatever the world becomes", () => {
    const home = smallHome();
    home.becomes("nas/files", "exited");
    const [action] = home.during(5);
    home.now(action?.id ?? "", "running");
    home.becomes("nas/files", "healthy");
    expect(home.look().closing).toEqual({});
  });
});

describe("counting", () => {
  it("begins anew with another plan, which may have mended it (R20)", () => {
    const home = smallHome();
    home.becomes("nas/files", "restarting");
    home.during(5);
    failsAtOnce(home);
    expect(home.during(60)).toEqual([]);
    const other = SMALL.map((host) => ({
      ...host,
      gates: host.gates.map((gate) => ({ ...gate, remedy: "another one" })),
    }));
    home.desired = desiredOf(repositoryOf(other));
    const { digest } = home.desired.hosts.get("nas")?.plan ?? { digest: "" };
    home.change("nas", { plan: { digest, commit: null, at: after(home.time) } });
    expect(said(home.during(60))).toContain("nas start files");
  });
});
