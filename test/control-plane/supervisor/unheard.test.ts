import { describe, expect, it } from "vitest";
import { hostOf, serviceOf } from "../../deploy/why/small-fleet.ts";
import { after, Home, repositoryOf, said, smallHome } from "./imitated-home.ts";

describe("what nobody knows", () => {
  it.each(["unknown", "unreachable"] as const)(
    "is never a reason to act: a service is %s",
    (state) => {
      const home = smallHome();
      home.becomes("nas/files", state, { was: "exited", reason: "the engine timed out" });
      expect(home.during(3600, 60)).toEqual([]);
    },
  );

  it("is never a reason to act, also for who depends on it (R6)", () => {
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

  it("is one incident with its services beneath, and no action (R17)", () => {
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
