import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { signable } from "../../../control-plane/desk/decide.ts";
import { disk } from "../../../control-plane/disk/disk.ts";
import { Executor } from "../../../control-plane/executor/executor.ts";
import { desiredOf } from "../../../control-plane/supervisor/desired.ts";
import { stopped, type Root } from "../imitated-root.ts";
import { after, repositoryOf, SMALL } from "../supervisor/imitated-home.ts";

function executorOf(root: Root, own: readonly string[] = []): Executor {
  return new Executor({ disk, root: root.path, own: new Set(own), now: root.now });
}

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

  it("failed when it is observed not to be as it was meant, whatever its host said", () => {
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
  ])("is parked while its host has %s, and goes on afterwards (R32)", (_, change) => {
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

describe("a decision", () => {
  it("is one of fifty that are made at once", () => {
    const root = stopped();
    const action = root.action("pending");
    const answers = Array.from({ length: 50 }, () => root.approve(action));
    expect(answers.filter((why) => why === undefined)).toHaveLength(1);
    expect(new Set(answers)).toEqual(new Set([undefined, "somebody has decided already"]));
  });

  it("about something else than was shown is refused, and another one can be made", () => {
    const root = stopped();
    const executor = executorOf(root);
    const action = root.action("pending");
    root.approve(action);
    const path = join(root.path, "decisions", `${action.id}.json`);
    const good = disk.read(path) ?? "";
    const forged = [
      good.replace(`"shown":"${action.hash}"`, `"shown":"${"0".repeat(64)}"`),
      good.replace("target: files", "target: store"),
      good.replace("verb: start", "verb: restart"),
      good.replace(`shown: ${action.hash}`, `shown: ${"0".repeat(64)}`),
      good.replace("host: nas", "host: vps"),
      good.slice(0, 40),
      "",
    ];
    for (const text of forged) {
      expect(text).not.toBe(good);
      disk.write(path, text);
      executor.tick();
      expect(executor.workFor("nas"), text).toBeUndefined();
      expect(root.action("pending").decision).toBeNull();
    }
    expect(root.audit()).toEqual(forged.map(() => "refused"));
    disk.write(path, good);
    expect(executor.workFor("nas")).toBeDefined();
  });

  it("about a superseded action is refused, with the one that stands for it (R11)", () => {
    const root = stopped();
    const executor = executorOf(root);
    const old = root.action("pending");
    root.home.becomes("nas/files", "missing", { container: null });
    root.pass(60);
    executor.tick();
    const newer = root.action("pending");
    expect(newer.binding.verb).toBe("redeploy-service");
    expect(root.approve(old)).toBe(`it is superseded by ${newer.id}`);
    expect(root.actions("superseded")[0]).toMatchObject({ id: old.id, supersededBy: newer.id });
  });

  it("that would restart a part of the control plane is refused (R23)", () => {
    const root = stopped();
    const executor = executorOf(root, ["nas/files"]);
    root.approve(root.action("pending"));
    expect(executor.workFor("nas")).toBeUndefined();
    expect(root.audit()).toEqual(["refused"]);
  });
});

describe("a file of the queue that nobody here wrote", () => {
  it("makes nothing run, although it says that it is approved, and has an order for it", () => {
    const root = stopped();
    const executor = executorOf(root);
    const action = root.action("pending");
    const found = signable(disk, root.path, action.id, root.now());
    if ("refused" in found) throw new Error(found.refused);
    const signature = { kind: "ssh", armored: "of a thief" } as const;
    const authority = { version: 1, text: found.text, signature } as const;
    const id = "f".repeat(32);
    const path = join(root.path, "queue", `${id}.json`);
    disk.write(path, JSON.stringify({ ...action, id, state: "approved", authority }));
    expect(executor.workFor("nas")).toBeUndefined();
    disk.write(path, "{");
    expect(executor.workFor("nas")).toBeUndefined();
  });
});

describe("what a host says", () => {
  it("is taken only of its own work, and only in its order; nothing of it ends the process (S23)", () => {
    const root = stopped();
    const executor = executorOf(root);
    const { id } = root.action("pending");
    root.approve(root.action("pending"));
    for (const step of ["began", "ended", "refused"] as const) {
      expect(executor.report("nas", id, step, DONE)).toBe(409);
      expect(executor.report("docker-vm", id, step, DONE)).toBe(404);
      expect(executor.report("nas", "0".repeat(32), step, DONE)).toBe(404);
    }
    executor.workFor("nas");
    expect(executor.report("docker-vm", id, "began", DONE)).toBe(404);
    expect(executor.report("nas", id, "ended", DONE)).toBe(409);
    expect(executor.report("nas", id, "began", DONE)).toBe(200);
    expect(executor.report("nas", id, "began", DONE)).toBe(409);
    expect(executor.report("nas", id, "refused", DONE)).toBe(409);
    expect(executor.report("nas", id, "ended", DONE)).toBe(200);
    expect(executor.report("nas", id, "ended", DONE)).toBe(200);
  });
});

describe("an Executor that was cut off", () => {
  it("does not run again what was under way, and takes its outcome from the next observation (R8)", () => {
    const root = stopped();
    const before = executorOf(root);
    root.approve(root.action("pending"));
    const id = before.workFor("nas")?.id ?? "";
    before.report("nas", id, "began", DONE);
    const executor = executorOf(root);
    expect(root.action("interrupted").outcome).toContain("taken from observation");
    expect(executor.workFor("nas")).toBeUndefined();
    root.home.time += 10;
    root.home.becomes("nas/files", "healthy");
    root.observe(1);
    executor.tick();
    expect(root.action("verified")).toBeDefined();
  });

  it("says that it failed when nothing shows that it worked, and the queue goes on", () => {
    const root = stopped();
    executorOf(root);
    root.approve(root.action("pending"));
    executorOf(root).workFor("nas");
    const executor = executorOf(root);
    for (let minutes = 0; minutes < 20; minutes++) {
      root.observe(60);
      executor.tick();
    }
    expect(root.action("failed")).toBeDefined();
  });

  it("interrupts what its host fetched and never began", () => {
    const root = stopped();
    const executor = executorOf(root);
    root.approve(root.action("pending"));
    const id = executor.workFor("nas")?.id ?? "";
    root.observe(180);
    executor.tick();
    expect(root.action("interrupted")).toBeDefined();
    expect(executor.report("nas", id, "began", DONE)).toBe(409);
  });
});

describe("actions that are over", () => {
  it("are kept up to 500, and the oldest go with their decision and their claim, but no fresh rejection", () => {
    const root = stopped();
    const open = root.action("pending");
    const idOf = (number: number): string => number.toString(16).padStart(32, "0");
    const put = (path: string, text: string): void => {
      mkdirSync(dirname(join(root.path, path)), { recursive: true });
      writeFileSync(join(root.path, path), text);
    };
    for (let number = 1; number <= 503; number += 1) {
      const id = idOf(number);
      const state = number <= 2 ? "rejected" : "expired";
      // The first was rejected two days ago, the second just before all others.
      const since = new Date(root.now() - (number === 1 ? 48 * 3600 : 3600 - number) * 1000);
      const at = since.toISOString();
      const decision = { by: "anna", at, reason: "no" };
      const action = { ...open, id, state, since: at, decision };
      put(`queue/${id}.json`, JSON.stringify(action));
      put(`decisions/${id}.json`, "{}");
      put(`claims/${id}`, "nas\n");
    }
    const executor = executorOf(root);
    executor.tick();
    const left = ["queue", "decisions", "claims"].map((folder) => {
      const names = disk.list(join(root.path, folder)).map((name) => name.replace(".json", ""));
      return names.filter((name) => name !== open.id);
    });
    const expected = Array.from({ length: 503 }, (_, at) => idOf(at + 1)).toSpliced(0, 1);
    expected.splice(1, 1);
    for (const names of left) expect(names).toEqual(expected);
    expect(executor.actions.has(open.id)).toBe(true);
    expect(executor.actions.size).toBe(502);
  });
});
