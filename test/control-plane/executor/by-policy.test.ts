import { describe, expect, it } from "vitest";
import { policiesText } from "../../../control-plane/contract/signed-policies.ts";
import { reject } from "../../../control-plane/desk/decide.ts";
import { disk } from "../../../control-plane/disk/disk.ts";
import { actionPath, policiesPath } from "../../../control-plane/disk/places.ts";
import { dated, NOON } from "../actor/policies.ts";
import { executorOf, stopped, type Root } from "../imitated-root.ts";
import { after } from "../supervisor/imitated-home.ts";

const DONE = { version: 1, ok: true, said: "started" } as const;
const MAINTENANCE = { maintenance: { reason: "r", by: "p", until: null, at: after(0) } };

/** Policies by which a start on the NAS goes so often in a week. Whether somebody signed a host tells. */
function lets(root: Root, times: number): void {
  const hours = { from: "00:00", until: "00:00" };
  const policies = dated({ verbs: ["start"], hours, atMost: { times, hours: 168 } });
  const signed = { version: 1, text: policiesText(policies), armored: "not signed" };
  disk.write(policiesPath(root.path), JSON.stringify(signed));
}

/** A person says no, who looked at it before the policy went. */
function rejects(root: Root, id: string): void {
  const seen = disk.read(actionPath(root.path, id));
  const before = seen?.replace(/"state":"[a-z]+"/, '"state":"pending"');
  const who = { by: "anna", now: root.now() };
  reject({ ...disk, read: () => before }, root.path, id, "not now", who);
}

describe("what goes by a policy", () => {
  it("waits while nothing may be done to its host, and counts from when it goes", () => {
    const root = stopped();
    const executor = executorOf(root);
    const before = root.home.world("nas");
    root.home.change("nas", MAINTENANCE);
    root.observe();
    lets(root, 1);
    executor.tick();
    expect(root.action("pending").decision).toBeNull();
    root.home.change("nas", before);
    root.observe(20 * 60);
    expect(executor.workFor("nas")?.authority.signature).toMatchObject({ policy: NOON.name });
  });

  it("goes one after the other on a host, so that none is too old before its turn", () => {
    const root = stopped();
    root.home.becomes("nas/store", "exited");
    root.pass(5);
    lets(root, 2);
    const executor = executorOf(root);
    const first = executor.workFor("nas")?.id ?? "";
    expect(root.actions("pending")).toHaveLength(1);
    executor.report("nas", first, "began", DONE);
    root.observe(20 * 60);
    executor.tick();
    expect(root.actions("pending")).toHaveLength(1);
    executor.report("nas", first, "ended", { ...DONE, ok: false });
    expect(executor.workFor("nas")).toBeDefined();
  });

  it("has not gone when no host had it before it was too old", () => {
    const root = stopped();
    lets(root, 1);
    const executor = executorOf(root);
    executor.tick();
    expect(root.action("approved").decision?.by).toBe(`policy ${NOON.name}`);
    root.observe(11 * 60);
    expect(executor.workFor("nas")).toBeUndefined();
    expect(root.actions("expired")).toHaveLength(1);
    root.pass(5);
    expect(executor.workFor("nas")).toBeDefined();
  });

  it("is kept by a person who says no before its host has it", () => {
    const root = stopped();
    lets(root, 1);
    const executor = executorOf(root);
    executor.tick();
    rejects(root, root.action("approved").id);
    executor.tick();
    expect(root.action("rejected").decision).toMatchObject({ by: "anna", reason: "not now" });
    expect(executor.workFor("nas")).toBeUndefined();
    expect(root.audit()).toEqual(["approved", "rejected"]);
  });

  it("is told to be under way to a person who says no after that", () => {
    const root = stopped();
    lets(root, 1);
    const executor = executorOf(root);
    executor.workFor("nas");
    rejects(root, root.action("claimed").id);
    executor.tick();
    expect(root.action("claimed").decision?.by).toBe(`policy ${NOON.name}`);
    expect(root.audit()).toEqual(["approved", "offered", "claimed", "refused"]);
    executor.tick();
    expect(root.audit().filter((what) => what === "refused")).toHaveLength(1);
  });
});
