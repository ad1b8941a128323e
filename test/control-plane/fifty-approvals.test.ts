import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { DECIDED_BEFORE, decisionScript } from "../../cli/desk/decision-script.ts";
import { carryOut, type Hands } from "../../control-plane/actor/carry-out.ts";
import { noncesIn } from "../../control-plane/actor/nonces.ts";
import { decisionSchema } from "../../control-plane/contract/decision.ts";
import { VERBS } from "../../control-plane/contract/verbs.ts";
import { STEPS, type Work } from "../../control-plane/contract/work.ts";
import { signable } from "../../control-plane/desk/decide.ts";
import { auditLines, auditTrail } from "../../control-plane/disk/audit-trail.ts";
import { disk } from "../../control-plane/disk/disk.ts";
import { ALLOWED, signed } from "./actor/keys.ts";
import { stopped, type Root } from "./imitated-root.ts";
import { servingExecutor } from "./serving-executor.ts";

/** Of who does something at once. */
const FIFTY = Array.from({ length: 50 }, (_, at) => at);

/** What the desk does on the VPS when somebody approves; the shell's exit code. */
async function approvedBy(root: Root, by: string): Promise<number> {
  const { id, hash } = root.action("pending");
  const found = signable(disk, root.path, id, root.now());
  if ("refused" in found) throw new Error(found.refused);
  const at = new Date(root.now()).toISOString();
  const authority = await signed(found.text);
  const decision = { version: 1, action: id, shown: hash, verdict: "approve", by, at } as const;
  const text = JSON.stringify(decisionSchema.parse({ ...decision, reason: null, authority }));
  const child = spawn("sh", ["-s"], { stdio: ["pipe", "ignore", "inherit"] });
  child.stdin.end(decisionScript(root.path, `decisions/${id}.json`, text));
  const [code] = (await once(child, "exit")) as [number];
  return code;
}

/** A host that begins, acts and ends by a real check of a real signature. */
function hostOf(root: Root, port: number) {
  const own = mkdtempSync(join(tmpdir(), "host-"));
  const did: string[] = [];
  const act = ({ target }: { target: string }) => {
    did.push(target);
    return Promise.resolve({ ok: true, said: "done" });
  };
  const headers = {
    authorization: `Bearer ${root.token("nas")}`,
    "content-type": "application/json",
  };
  const url = `http://127.0.0.1:${port}/work`;
  const fetched = async (): Promise<Work | undefined> => {
    // Who waits in vain waits until the Executor ends.
    const answer = await fetch(url, { headers }).catch(() => undefined);
    return answer?.status === 200 ? ((await answer.json()) as Work) : undefined;
  };
  const does = (work: Work) =>
    carryOut(work, {
      rules: {
        host: "nas",
        keys: { allowedSigners: ALLOWED },
        nonces: noncesIn(disk, join(own, "orders")),
        now: root.now,
      },
      hands: Object.fromEntries(VERBS.map((verb) => [verb, act])) as unknown as Hands,
      whyNot: () => Promise.resolve(undefined),
      report: async (id, step, report) => {
        const request = { method: "POST", headers, body: JSON.stringify(report) };
        return (await fetch(`${url}/${id}/${step}`, request)).status === 200;
      },
      audit: auditTrail(disk, own, "actor"),
    });
  const audit = () => auditLines(disk, own, "actor").lines.map(({ what }) => what);
  return { did, fetched, does, audit };
}

describe("fifty approvals of one action, each signed and put on the VPS by a shell of its own at once", () => {
  it("are one decision, one order handed out, and one run, also when that is handed over fifty times more (must-show 4, R9)", async () => {
    const root = stopped();
    mkdirSync(join(root.path, "decisions"), { recursive: true });
    const codes = await Promise.all(FIFTY.map((at) => approvedBy(root, `person-${at}`)));
    expect(codes.filter((code) => code === 0)).toHaveLength(1);
    expect(new Set(codes)).toEqual(new Set([0, DECIDED_BEFORE]));
    const executor = await servingExecutor(root);
    try {
      const host = hostOf(root, executor.port);
      const answers: (Work | undefined)[] = [];
      const asked = FIFTY.map(async () => void answers.push(await host.fetched()));
      // The last who asks goes on waiting for more.
      await vi.waitFor(() => expect(answers).toHaveLength(49), { timeout: 60_000, interval: 20 });
      const work = answers.find(Boolean);
      if (!work) throw new Error("nothing was handed out");
      expect(await host.does(work)).toBe("done");
      const again = await Promise.all(FIFTY.map(() => host.does(work)));
      expect(new Set(again)).toEqual(new Set(["refused"]));
      expect(host.did).toEqual(["files"]);
      expect(host.audit().filter((what) => what === "refused")).toHaveLength(50);
      const steps = root.audit().filter((what) => STEPS.some((step) => step === what));
      expect(steps).toEqual(expect.arrayContaining(["began", "ended"]));
      expect(steps.filter((what) => what === "began")).toHaveLength(1);
      await executor.stop();
      await Promise.all(asked);
      expect(answers.filter(Boolean)).toEqual([work]);
    } finally {
      await executor.stop().catch(() => undefined);
    }
  });
});
