import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { disk } from "../../../control-plane/disk/disk.ts";
import {
  actionPath,
  readSupervisorState,
  supervisorStatePath,
} from "../../../control-plane/disk/places.ts";
import { desiredOf } from "../../../control-plane/supervisor/desired.ts";
import { executorOf, Root, stopped } from "../imitated-root.ts";
import { Home, made, repositoryOf, said, SMALL, smallHome } from "./imitated-home.ts";

describe("the Supervisor's process", () => {
  it("puts each action into the queue once, also after it was started again", () => {
    const root = stopped();
    root.restart();
    root.pass(5);
    expect(said(root.actions())).toEqual(["nas start files"]);
    expect(root.audit("supervisor")).toEqual(["proposed"]);
  });

  it("remembers what it proposed and did not help, also when it is started again in between", () => {
    const root = new Root(smallHome());
    root.pass(1);
    root.home.becomes("nas/files", "restarting");
    for (let round = 0; round < 10; round++) {
      root.pass(20, 5);
      for (const action of root.actions("pending")) {
        const failed = JSON.stringify({ ...action, state: "failed" });
        disk.write(actionPath(root.path, action.id), failed);
      }
      root.restart();
    }
    expect(root.actions()).toHaveLength(1);
  });

  it("recommends nothing from a world whose Observer is silent, cannot write, or was never there", () => {
    const root = new Root(smallHome());
    root.pass(1);
    root.home.becomes("nas/files", "exited");
    root.observe(3);
    const look = (): string | null | undefined => {
      root.restart();
      root.look();
      return readSupervisorState(disk, root.path)?.blind;
    };
    root.home.time += 100;
    expect(look()).toContain("nothing is heard of the Observer");
    root.health({ writable: false, problem: "ENOSPC" });
    expect(look()).toContain("ENOSPC");
    disk.write(join(root.path, "state/observer_health.json"), "{");
    expect(look()).toContain("does not say");
    expect(root.actions()).toEqual([]);
    root.health({});
    expect(look()).toBeNull();
    expect(root.actions()).toHaveLength(1);
  });

  it("goes on from a state, an action or a world that is torn (R13)", () => {
    const root = stopped();
    const [action] = root.actions();
    for (const text of ["", "{", "[]", "null", '{"version":2}']) {
      disk.write(supervisorStatePath(root.path), text);
      disk.write(join(root.path, "queue", `${"0".repeat(32)}.json`), text);
      root.observe(1);
      disk.write(join(root.path, "world/docker-vm.json"), text);
      root.restart();
      root.look();
      expect(readSupervisorState(disk, root.path)).toBeDefined();
    }
    expect(root.actions()).toEqual([action]);
  });
});

describe("observed, recommended, approved, run, verified", () => {
  it("is the way of a repository that was rolled back by one commit, back to its state", () => {
    const services = SMALL[0]?.services ?? [];
    const nas = { ...SMALL[0]!, services: services.map((one) => ({ ...one, hostname: "new" })) };
    const newer = repositoryOf([nas, SMALL[1]!], { commit: "d".repeat(40) });
    const root = new Root(new Home(newer));
    const executor = executorOf(root);
    root.pass(60, 5);
    expect(root.actions()).toEqual([]);
    root.home.desired = desiredOf(repositoryOf(SMALL));
    root.restart();
    root.pass(60, 5);
    const action = root.action("pending");
    expect(said([action])).toEqual(["nas deploy-host nas"]);
    expect(action.binding.commit).toBe("c".repeat(40));
    root.approve(action);
    const work = executor.workFor("nas");
    expect(work?.id).toBe(action.id);
    const done = { version: 1, ok: true, said: "deployed" } as const;
    executor.report("nas", action.id, "began", done);
    executor.report("nas", action.id, "ended", done);
    root.home.time += 30;
    root.home.plugIn("nas");
    const now = new Date(root.now()).toISOString();
    const { plan } = root.home.world("nas");
    root.home.change("nas", { plan: plan && { ...plan, at: now } });
    root.pass(60, 5);
    executor.tick();
    expect(root.action("verified").id).toBe(action.id);
    root.pass(600, 30);
    expect(root.actions("pending")).toEqual([]);
    expect(readSupervisorState(disk, root.path)?.incidents).toEqual([]);
  });

  it("is never more than one action for a digest that is not the lock's", () => {
    const root = new Root(smallHome());
    const executor = executorOf(root);
    const container = root.home.world("nas").services["files"]?.container ?? null;
    root.home.becomes("nas/files", "healthy", {
      container: container && { ...container, digest: made("old") },
    });
    root.pass(300, 10);
    executor.tick();
    expect(said(root.actions())).toEqual(["nas update-image files"]);
  });
});
