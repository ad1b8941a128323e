import { describe, expect, it } from "vitest";
import { actionSchema } from "../../../control-plane/contract/actions.ts";
import { VERBS } from "../../../control-plane/contract/verbs.ts";
import { hostOf, serviceOf } from "../../deploy/why/small-fleet.ts";
import { after, COMMIT, Home, repositoryOf, said, smallHome } from "./imitated-home.ts";

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

describe("what may be recommended", () => {
  it("is only from the closed list, whatever hosts say of themselves (S5, S29)", () => {
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

  it("is nothing that the control plane would do to itself (R23)", () => {
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
