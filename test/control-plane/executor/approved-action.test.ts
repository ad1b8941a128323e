import { describe, expect, it } from "vitest";
import { desiredOf } from "../../../control-plane/supervisor/desired.ts";
import { executorOf, type Root, stopped } from "../imitated-root.ts";
import { after, repositoryOf, SMALL } from "../supervisor/imitated-home.ts";

const DONE = { version: 1, ok: true, said: "started" } as const;

describe("an approved action", () => {
  it("is handed to its host, begins, ends, and is verified by what is observed afterwards", () => {
    const root = stopped();
    const executor = executorOf(root);
    const { id, hash } = root.action("pending");
    expect(executor.workFor("nas")).toBeUndefined();
    expect(root.approve(root.action("pending"))).toBeUndefined();
    const work = executor.workFor("nas");
    expect(work).toMatchObject({ id, hash, binding: { verb: "start", target: "files" } });
    expect(root.action("claimed").claimedBy).toBe("nas");
    expect(executor.report("nas", id, "began", { ...DONE, said: "begins" })).toBe(200);
    expect(executor.report("nas", id, "ended", DONE)).toBe(200);
    root.observe(5);
    executor.tick();
    expect(root.action("running").outcome).toBe("started");
    root.home.becomes("nas/files", "healthy");
    root.observe(5);
    executor.tick();
    expect(root.action("verified").outcome).toBe("observed to be as it was meant");
    expect(root.audit()).toEqual(["approved", "offered", "claimed", "began", "ended", "verified"]);
  });

  it("is not verified by what was seen before it ended (R21)", () => {
    const root = stopped();
    const executor = executorOf(root);
    root.approve(root.action("pending"));
    const id = executor.workFor("nas")?.id ?? "";
    executor.report("nas", id, "began", DONE);
    root.home.becomes("nas/files", "healthy");
    root.observe(10);
    executor.report("nas", id, "ended", DONE);
    executor.tick();
    expect(root.action("running")).toBeDefined();
  });

  it("failed when it is observed not to be as it was meant, whatever its host said (R12)", () => {
    const root = stopped();
    const executor = executorOf(root);
    root.approve(root.action("pending"));
    const id = executor.workFor("nas")?.id ?? "";
    executor.report("nas", id, "began", DONE);
    executor.report("nas", id, "ended", DONE);
    root.home.time += 10;
    root.home.becomes("nas/files", "exited");
    root.observe(300);
    executor.tick();
    expect(root.action("failed").outcome).toBe("started; it is observed not to be as it was meant");
  });

  it("is taken for cut off when its host asks for more before it said the end, and holds up nothing", () => {
    const root = stopped();
    root.home.becomes("nas/store", "exited");
    root.pass(5);
    for (const action of root.actions("pending")) root.approve(action);
    const executor = executorOf(root);
    const id = executor.workFor("nas")?.id ?? "";
    executor.returned("nas");
    expect(root.action("claimed").id).toBe(id);
    executor.report("nas", id, "began", DONE);
    executor.returned("docker-vm");
    expect(root.action("running").id).toBe(id);
    executor.returned("nas");
    expect(root.action("interrupted").outcome).toMatch(/^its host asks for more without/);
    expect(executor.workFor("nas")?.id).not.toBe(id);
    expect(executor.report("nas", id, "ended", DONE)).toBe(200);
    executor.returned("nas");
    expect(root.action("interrupted").endedAt).toBeDefined();
  });

  it("is handed out once, to one host, however often and by how many it is asked for", () => {
    const root = stopped();
    const executor = executorOf(root);
    root.approve(root.action("pending"));
    expect(executor.workFor("docker-vm")).toBeUndefined();
    const found = Array.from({ length: 50 }, () => executor.workFor("nas")).filter(Boolean);
    expect(found).toHaveLength(1);
  });

  it("is handed out once, also when two Executors work on the same folder", () => {
    const root = stopped();
    const [one, other] = [executorOf(root), executorOf(root)];
    root.approve(root.action("pending"));
    one.tick();
    other.tick();
    expect([one.workFor("nas"), other.workFor("nas")].filter(Boolean)).toHaveLength(1);
  });

  it("waits until the one before it is over: one at a time for each host", () => {
    const root = stopped();
    root.home.becomes("nas/store", "exited");
    root.home.becomes("docker-vm/db", "exited");
    root.pass(5);
    for (const action of root.actions("pending")) root.approve(action);
    const executor = executorOf(root);
    const first = executor.workFor("nas");
    expect(first).toBeDefined();
    expect(executor.workFor("nas")).toBeUndefined();
    expect(executor.workFor("docker-vm")).toBeDefined();
    executor.report("nas", first?.id ?? "", "refused", { ...DONE, ok: false, said: "no" });
    expect(executor.workFor("nas")).toBeDefined();
  });

  it("is superseded with what is different, when anything is, and does not run (R10, S25)", () => {
    const differences: readonly [RegExp, (root: Root) => void][] = [
      [
        /what is observed is not/,
        (root) => root.home.becomes("nas/files", "missing", { container: null }),
      ],
      [
        /^plan \w+ is now \w+$/,
        (root) => {
          const services = SMALL[0]?.services ?? [];
          const nas = {
            ...SMALL[0]!,
            services: services.map((one) => ({ ...one, critical: true })),
          };
          root.home.desired = desiredOf(repositoryOf([nas, SMALL[1]!]));
          root.restart();
          root.pass(1);
        },
      ],
    ];
    for (const [why, change] of differences) {
      const root = stopped();
      const executor = executorOf(root);
      root.approve(root.action("pending"));
      executor.tick();
      change(root);
      root.observe();
      expect(executor.workFor("nas")).toBeUndefined();
      expect(root.action("superseded").outcome).toMatch(why);
    }
  });

  it.each([
    ["maintenance", { maintenance: { reason: "r", by: "p", until: null, at: after(0) } }],
    ["a hold", { hold: { by: "p", commit: null, at: after(0) } }],
    ["a deployment", { deploying: { run: null, stage: null, at: after(0) } }],
    ["a gap", { gap: { since: after(0), reason: "r" } }],
  ])("is parked while its host has %s, and goes on afterwards (R32, R22)", (_, change) => {
    const root = stopped();
    const executor = executorOf(root);
    root.approve(root.action("pending"));
    const before = root.home.world("nas");
    root.home.change("nas", change);
    root.observe();
    expect(executor.workFor("nas")).toBeUndefined();
    expect(root.actions("approved")).toHaveLength(1);
    root.home.change("nas", before);
    root.observe();
    expect(executor.workFor("nas")).toBeDefined();
  });

  it("is parked while the Observer is silent, or cannot write (R27, R29)", () => {
    const root = stopped();
    const executor = executorOf(root);
    root.approve(root.action("pending"));
    root.home.time += 120;
    expect(executor.workFor("nas")).toBeUndefined();
    root.health({ writable: false, problem: "the disk is full" });
    expect(executor.workFor("nas")).toBeUndefined();
    root.health({});
    expect(executor.workFor("nas")).toBeDefined();
  });

  it("expires with its order when no host fetches it", () => {
    const root = stopped();
    const executor = executorOf(root);
    root.approve(root.action("pending"));
    executor.tick();
    root.observe(3700);
    expect(executor.workFor("nas")).toBeUndefined();
    expect(root.actions("expired")).toHaveLength(1);
  });
});
