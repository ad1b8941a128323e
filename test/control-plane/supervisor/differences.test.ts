import { describe, expect, it } from "vitest";
import { longestAge } from "../../../control-plane/supervisor/differences.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../../model/declaration.ts";
import { hostOf, serviceOf } from "../../deploy/why/small-fleet.ts";
import { after, Home, made, repositoryOf, said } from "./imitated-home.ts";

const HOUR = 3600;

/** A database whose volume a nightly job copies. */
const kept: HostDeclaration = {
  ...hostOf(
    "nas",
    {
      ...serviceOf("db"),
      mounts: [{ kind: "volume", volume: "db-data", target: "/data" }],
    },
    { ...serviceOf("web", "db"), critical: true },
    {
      ...serviceOf("db-backup"),
      backup: {
        repository: "db",
        schedule: "0 3 * * *",
        protects: ["db-data"],
        keep: { daily: 7, weekly: 4, monthly: 6 },
        maxAgeHours: 25,
      },
    } satisfies ServiceDeclaration,
  ),
  volumes: [{ name: "db-data" }],
};

function home(): Home {
  return new Home(repositoryOf([kept]));
}

describe("a copy that is too old", () => {
  it("is made anew, once its job left a night out, and touches no service", () => {
    const nas = home();
    nas.change("nas", { backups: { "db-backup": { ageSeconds: 26 * HOUR, at: after(0) } } });
    expect(nas.look().actions).toEqual([]);
    const [action] = nas.during(3 * HOUR, 60);
    expect(action).toMatchObject({
      binding: {
        verb: "run-backup",
        target: "db-backup",
        digests: [made("docker.io/library/db-backup:1")],
      },
      risk: "low",
      blastRadius: { restarts: [], degrades: [], data: [] },
    });
    expect(action?.reason).toBe("nas/db-backup made its last copy 27 h ago");
  });

  it("is not missed while its job is new", () => {
    const nas = home();
    nas.change("nas", { backups: { "db-backup": { ageSeconds: null, at: after(0) } } });
    expect(nas.during(20 * HOUR, 600)).toEqual([]);
    expect(said(nas.during(10 * HOUR, 600))).toContain("nas run-backup db-backup");
  });

  it.each([
    ["0 3 * * *", 27],
    ["30 * * * *", 3],
    ["0 3 * * 0", 7 * 24 * 1.125],
    ["0 3 1 * *", 31 * 24 * 1.125],
  ])("is, by the schedule %j, one of more than %d hours", (schedule, hours) => {
    expect(longestAge(schedule)).toBe(hours * HOUR);
  });
});

describe("an image whose data is copied", () => {
  it("is of high risk to change, names the data, and the way back is the copy", () => {
    const nas = home();
    const container = nas.world("nas").services["db"]?.container ?? null;
    nas.becomes("nas/db", "healthy", {
      container: container && { ...container, digest: made("old") },
    });
    const [action] = nas.during(120, 5);
    expect(action).toMatchObject({
      binding: { verb: "update-image", target: "db" },
      risk: "high",
      blastRadius: { restarts: ["nas/db"], degrades: ["nas/web"], data: ["db-data"] },
      reversibility: { kind: "by-copy" },
    });
  });
});

describe("what an interruption of costs much", () => {
  it("is of medium risk to restart", () => {
    const nas = home();
    nas.becomes("nas/web", "unhealthy");
    expect(nas.during(120, 5)).toMatchObject([{ binding: { verb: "restart" }, risk: "medium" }]);
  });
});

describe("a container that nobody has looked at yet", () => {
  it("is waited for: an event alone says neither what it is made from nor of which image", () => {
    const nas = home();
    const container = nas.world("nas").services["db"]?.container ?? null;
    const unseen = container && { ...container, digest: null, spec: null, startedAt: null };
    nas.becomes("nas/db", "exited", { container: unseen });
    expect(nas.during(120, 5)).toEqual([]);
    expect(nas.look().incidents[0]?.withheld).toBe("it was not looked at yet");
  });
});
