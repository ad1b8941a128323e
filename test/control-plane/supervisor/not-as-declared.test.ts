import { describe, expect, it } from "vitest";
import { desiredOf } from "../../../control-plane/supervisor/desired.ts";
import { COMMIT, Home, made, repositoryOf, said, SMALL, smallHome } from "./imitated-home.ts";

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
