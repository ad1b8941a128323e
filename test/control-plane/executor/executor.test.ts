import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { signable } from "../../../control-plane/desk/decide.ts";
import { disk } from "../../../control-plane/disk/disk.ts";
import { executorOf, stopped } from "../imitated-root.ts";

const DONE = { version: 1, ok: true, said: "started" } as const;

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
