import { describe, expect, it } from "vitest";
import { actionSchema } from "../../../control-plane/contract/actions.ts";
import { VERBS } from "../../../control-plane/contract/verbs.ts";
import { desiredOf } from "../../../control-plane/supervisor/desired.ts";
import { hostOf, serviceOf } from "../../deploy/why/small-fleet.ts";
import {
  after,
  COMMIT,
  Home,
  made,
  repositoryOf,
  said,
  SMALL,
  smallHome,
} from "./imitated-home.ts";

describe("a home that is as declared", () => {
  it("has no incident, and nothing is recommended for it", () => {
    const home = smallHome();
    expect(home.look(600)).toMatchObject({ actions: [], incidents: [], closing: {} });
  });
});

describe("a service that somebody stopped", () => {
  const home = smallHome();
  home.look();
  home.becomes("nas/files", "exited", { asked: true });
  const [action] = home.during(4);

  it("is to be started within five seconds, for a reason and from evidence", () => {
    expect(action).toMatchObject({
      binding: { host: "nas", verb: "start", target: "files", commit: null },
      reason: "nas/files somebody stopped it; it exited",
      rootCause: "nas/files",
      risk: "low",
      state: "pending",
      evidence: [{ sequence: 7, at: after(1) }],
      blastRadius: { restarts: ["nas/files"], degrades: [], data: [] },
    });
    expect(actionSchema.safeParse(action).error).toBeUndefined();
  });

  it("is not recommended again while the action is open", () => {
    expect(home.during(600, 10)).toEqual([]);
  });

  it("needs the action no more once it runs", () => {
    home.becomes("nas/files", "healthy");
    const { closing, incidents } = home.look();
    expect(Object.values(closing)).toEqual([
      { state: "expired", by: null, why: "nas/files does not need it any more" },
    ]);
    expect(incidents).toEqual([]);
  });
});

describe("the root cause", () => {
  it("of three services that wait for each other is the one that stopped", () => {
    const home = smallHome();
    for (const id of ["docker-vm/db", "docker-vm/web", "docker-vm/job"]) home.becomes(id, "exited");
    expect(said(home.during(10))).toEqual(["docker-vm start db"]);
    expect(home.look().incidents).toMatchObject([
      { cause: "docker-vm/db", affected: ["docker-vm/job", "docker-vm/web"] },
    ]);
    expect(home.queue[0]?.blastRadius.degrades).toEqual(["docker-vm/job", "docker-vm/web"]);
  });

  it("of a service that runs and fails its check is also what it could do without", () => {
    const home = new Home(
      repositoryOf([hostOf("nas", serviceOf("db"), serviceOf("web", "db softly"))]),
    );
    home.becomes("nas/db", "exited");
    home.becomes("nas/web", "unhealthy");
    expect(said(home.during(120))).toEqual(["nas start db"]);
    home.becomes("nas/web", "exited");
    expect(said(home.during(120))).toEqual(["nas start web"]);
  });

  it("of services behind a closed mount is the mount, which is to be mounted again", () => {
    const home = smallHome();
    home.gate("docker-vm/gate:media", "closed");
    home.becomes("docker-vm/player", "exited");
    home.becomes("docker-vm/indexer", "exited");
    const actions = home.during(90);
    expect(said(actions)).toEqual(["docker-vm remount media"]);
    expect(actions[0]).toMatchObject({
      rootCause: "docker-vm/gate:media",
      binding: { commit: COMMIT },
    });
  });

  it("of a mount whose server is away is the server, and nothing is to be done", () => {
    const home = smallHome({ addresses: { nas: ["192.0.2.12"] } });
    home.unplug("nas");
    home.gate("docker-vm/gate:media", "closed");
    home.becomes("docker-vm/player", "exited");
    home.becomes("docker-vm/sync", "unhealthy");
    expect(home.during(120)).toEqual([]);
    expect(home.look().incidents).toMatchObject([
      {
        cause: "nas",
        affected: [
          "docker-vm/gate:media",
          "docker-vm/player",
          "docker-vm/sync",
          "nas/files",
          "nas/gate:disk",
          "nas/store",
        ],
        action: null,
      },
    ]);
  });
});

describe("a host that may be away", () => {
  const addresses = { nas: ["192.0.2.12"] };

  it("is no incident while it is, and none of its services is called missing", () => {
    const home = smallHome({ intermittent: ["nas"] });
    home.unplug("nas");
    expect(home.during(600, 5)).toEqual([]);
    expect(home.look().incidents).toEqual([]);
    const states = Object.values(home.world("nas").services).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(["unreachable"]));
  });

  it("is the cause of what is not well on another host because of it", () => {
    const home = smallHome({ intermittent: ["nas"], addresses });
    home.unplug("nas");
    home.gate("docker-vm/gate:media", "closed");
    home.becomes("docker-vm/player", "exited");
    home.during(120);
    expect(home.look().incidents).toMatchObject([{ cause: "nas", action: null }]);
  });

  it("is an incident when it is heard and its engine is away", () => {
    const home = smallHome({ intermittent: ["nas"] });
    home.change("nas", { engine: { state: "away", reason: "r", at: after(0) } });
    home.during(120);
    expect(home.look().incidents).toMatchObject([{ cause: "nas" }]);
  });
});

describe("what nobody knows", () => {
  it.each(["unknown", "unreachable"] as const)(
    "is never a reason to act: a service is %s",
    (state) => {
      const home = smallHome();
      home.becomes("nas/files", state, { was: "exited", reason: "the engine timed out" });
      expect(home.during(3600, 60)).toEqual([]);
    },
  );

  it("is never a reason to act, also for who depends on it", () => {
    const home = smallHome();
    home.becomes("docker-vm/db", "unknown", { was: "healthy", reason: "timeout" });
    home.becomes("docker-vm/web", "exited");
    home.becomes("docker-vm/job", "exited");
    expect(home.during(600, 5)).toEqual([]);
  });

  it.each([
    ["a gap", { gap: { since: after(0), reason: "r" } }],
    [
      "an engine that does not answer",
      { engine: { state: "away" as const, reason: "r", at: after(0) } },
    ],
    ["maintenance", { maintenance: { reason: "r", by: "p", until: null, at: after(0) } }],
    ["a hold", { hold: { by: "p", commit: null, at: after(0) } }],
    ["a deployment", { deploying: { run: null, stage: null, at: after(0) } }],
  ])("or may not be touched, is left alone: a host with %s", (_, change) => {
    const home = smallHome();
    home.change("nas", {
      ...change,
      plan: { digest: "0".repeat(16), commit: null, at: after(-60) },
    });
    home.becomes("nas/files", "exited");
    home.becomes("nas/store", "missing", { container: null });
    expect(home.during(3600, 30)).toEqual([]);
  });

  it("parks what is open, and does not close it", () => {
    const home = smallHome();
    home.becomes("nas/files", "exited");
    expect(home.during(5)).toHaveLength(1);
    home.change("nas", { maintenance: { reason: "r", by: "p", until: null, at: after(5) } });
    expect(home.look(60).closing).toEqual({});
    expect(home.look().incidents[0]?.withheld).toBe("in maintenance: r");
  });

  it("gives nothing for a host of which there is no file", () => {
    const home = smallHome();
    home.worlds.delete("nas");
    home.becomes("docker-vm/sync", "exited");
    expect(home.during(600, 10)).toEqual([]);
  });
});

describe("a host that was unplugged", () => {
  const many = hostOf("nas", ...Array.from({ length: 30 }, (_, at) => serviceOf(`app${at}`)));
  const home = new Home(repositoryOf([many]));
  home.look();

  it("is one incident with its services beneath, and no action", () => {
    home.unplug("nas");
    expect(home.during(60)).toEqual([]);
    const { incidents } = home.look();
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatchObject({ cause: "nas", action: null });
    expect(incidents[0]?.affected.filter((id) => id.includes("app"))).toHaveLength(30);
  });

  it("is none any more when it is heard again", () => {
    home.plugIn("nas");
    expect(home.look()).toMatchObject({ incidents: [], actions: [] });
  });
});

describe("hosts that stand together", () => {
  it("are one incident when all of them lose power, and none when they are back", () => {
    const home = smallHome({ places: { home: ["nas", "docker-vm"] } });
    home.unplug("nas");
    home.look(4);
    home.unplug("docker-vm");
    const seen = Array.from({ length: 60 }, () => home.look().incidents);
    expect(new Set(seen.flat().map(({ cause }) => cause))).toEqual(new Set(["home"]));
    expect(seen.at(-1)).toHaveLength(1);
    home.plugIn("nas");
    home.plugIn("docker-vm");
    expect(home.look(60)).toMatchObject({ actions: [], incidents: [] });
  });

  it("are left to their own orchestrators while they boot", () => {
    const home = smallHome();
    home.time = 100;
    home.change("docker-vm", { program: { build: "b", boot: "2", at: after(100) } });
    for (const name of ["db", "web", "job"]) home.becomes(`docker-vm/${name}`, "exited");
    expect(home.during(240)).toEqual([]);
    expect(said(home.during(120))).toEqual(["docker-vm start db"]);
  });
});

describe("a plan that is not the repository's", () => {
  const changed = SMALL.map((host) => ({
    ...host,
    services: host.services.map((one) =>
      one.name === "web" ? { ...one, env: { TZ: "Europe/Berlin" } } : one,
    ),
  }));

  it("leads to one deployment of the host at the repository's commit", () => {
    const home = smallHome();
    home.desired = desiredOf(repositoryOf(changed));
    const actions = home.during(120);
    expect(said(actions)).toEqual(["docker-vm deploy-host docker-vm"]);
    expect(actions[0]).toMatchObject({
      binding: { commit: COMMIT, plan: home.desired.hosts.get("docker-vm")?.plan.digest },
      blastRadius: { restarts: ["docker-vm/web"], degrades: ["docker-vm/job"], data: [] },
      risk: "medium",
    });
  });

  it("leads back to the older state after the repository was rolled back by a commit", () => {
    const newer = "d".repeat(40);
    const home = new Home(repositoryOf(changed, { commit: newer }));
    expect(home.during(60)).toEqual([]);
    home.desired = desiredOf(repositoryOf(SMALL));
    const [action] = home.during(60);
    expect(action?.binding).toMatchObject({
      verb: "deploy-host",
      target: "docker-vm",
      commit: COMMIT,
    });
    // Approved and run, the world is that of the older commit, and nothing is left to do.
    for (const host of ["nas", "docker-vm"]) home.plugIn(host);
    expect(home.look()).toMatchObject({ actions: [], incidents: [] });
    expect(home.during(60)).toEqual([]);
  });

  it("has its open action superseded when the repository goes on meanwhile", () => {
    const home = smallHome();
    home.desired = desiredOf(repositoryOf(changed));
    const [first] = home.during(60);
    home.desired = desiredOf(repositoryOf(changed, { commit: "e".repeat(40) }));
    const { actions, closing } = home.look();
    expect(actions).toHaveLength(1);
    expect(closing[first?.id ?? ""]).toEqual({
      state: "superseded",
      by: actions[0]?.id,
      why: "commit cccccccccccc is now eeeeeeeeeeee",
    });
    expect(home.during(60)).toEqual([]);
  });

  it("is brought up to date ten times in ten minutes at most, whatever its host makes seen", () => {
    const home = smallHome();
    home.during(5);
    const container = home.world("nas").services["files"]?.container ?? null;
    let proposed = 0;
    for (let second = 0; second < 300; second += 1) {
      const id = second.toString(16).padStart(64, "0");
      const since = home.world("nas").services["files"]?.since ?? "";
      const more = { container: container && { ...container, id }, ...(second > 0 && { since }) };
      home.becomes("nas/files", "exited", more);
      proposed += home.look().actions.length;
    }
    expect(proposed).toBeGreaterThan(1);
    expect(proposed).toBeLessThanOrEqual(11);
    expect(home.look().incidents[0]?.withheld).toMatch(/too often/);
    // Ten minutes later what is open may be brought up to date again.
    expect(home.during(700)).not.toEqual([]);
  });

  it("is not deployed from a commit that nobody knows", () => {
    const home = smallHome();
    home.desired = desiredOf(repositoryOf(changed, { commit: null }));
    expect(home.during(120)).toEqual([]);
    expect(home.look().incidents[0]?.withheld).toContain("which commit");
  });
});

describe("a container that is not as declared", () => {
  it("and is missing, is deployed anew", () => {
    const home = smallHome();
    home.becomes("nas/files", "missing", { container: null });
    expect(said(home.during(60))).toEqual(["nas redeploy-service files"]);
  });

  it("because somebody made it anew, is deployed anew, once for all that is wrong with it", () => {
    const home = smallHome();
    const late = smallHome();
    const container = home.world("nas").services["files"]?.container ?? null;
    for (const one of [home, late]) {
      one.becomes("nas/files", "exited", { container: container && { ...container, spec: null } });
    }
    expect(said(home.during(120))).toEqual(["nas redeploy-service files"]);
    // Also when both are seen at the first look.
    expect(said(late.look(120).actions)).toEqual(["nas redeploy-service files"]);
  });

  it("in its image, has it updated to the digest of the lock", () => {
    const home = smallHome();
    const container = home.world("nas").services["files"]?.container ?? null;
    home.becomes("nas/files", "healthy", {
      container: container && { ...container, digest: made("x") },
    });
    const [action] = home.during(120);
    expect(action?.binding).toMatchObject({ verb: "update-image", target: "files" });
    expect(action?.binding.digests).toEqual([made("docker.io/library/files:1")]);
  });
});

describe("what may be recommended", () => {
  it("is only from the closed list, whatever hosts say of themselves", () => {
    const home = smallHome();
    const services = home.world("nas").services;
    const hostile = { "x;touch": services["files"], constructor: services["files"] };
    home.change("nas", { services: { ...services, ...hostile } as typeof services });
    home.becomes("nas/files", "exited");
    const actions = home.during(60);
    expect(said(actions)).toEqual(["nas start files"]);
    expect(actions.every(({ binding }) => VERBS.includes(binding.verb))).toBe(true);
  });

  it("is nothing that somebody wants otherwise, and the reason is shown", () => {
    const home = smallHome({ overrides: [{ service: "nas/files", reason: "sold the disk" }] });
    home.becomes("nas/files", "exited");
    expect(home.during(60)).toEqual([]);
    expect(home.look().incidents[0]?.withheld).toBe("somebody wants it so: sold the disk");
  });

  it("is nothing that the control plane would do to itself", () => {
    const home = smallHome({ own: ["nas/files"] });
    home.becomes("nas/files", "exited");
    home.change("nas", { plan: { digest: "0".repeat(16), commit: null, at: after(0) } });
    const container = home.world("nas").services["files"]?.container ?? null;
    home.becomes("nas/files", "exited", {
      container: container && { ...container, spec: "0".repeat(16) },
    });
    expect(home.during(120)).toEqual([]);
  });

  it("is the same for the same world, time and memory", () => {
    const [one, other] = [smallHome(), smallHome()];
    for (const home of [one, other]) home.becomes("nas/files", "exited");
    expect(one.during(30)).toEqual(other.during(30));
  });
});
