import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { approve, reject, type ApproveOptions } from "../../../cli/desk/decide.ts";
import { checkWork } from "../../../control-plane/actor/check-order.ts";
import { noncesIn } from "../../../control-plane/actor/nonces.ts";
import { bindingHash } from "../../../control-plane/contract/actions.ts";
import { parseDecision } from "../../../control-plane/contract/decision.ts";
import { disk } from "../../../control-plane/disk/disk.ts";
import { executorOf, Root, stopped } from "../../control-plane/imitated-root.ts";
import { jsonAnswer } from "../support/json-answer.ts";
import { printed } from "../support/printed.ts";
import { deskOf } from "./imitated-vps.ts";

const keys = mkdtempSync(join(tmpdir(), "desk-key-"));
const KEY = join(keys, "anna");
const ALLOWED = join(keys, "allowed_signers");
beforeAll(() => {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", KEY]);
  const allowed = `anna namespaces="homelab-order" ${readFileSync(`${KEY}.pub`, "utf8")}`;
  writeFileSync(ALLOWED, allowed, { mode: 0o644 });
});

const DONE = { version: 1, ok: true, said: "the engine did it" } as const;

const options = (change: Partial<ApproveOptions> = {}): ApproveOptions => ({
  key: KEY,
  confirmed: () => Promise.resolve(true),
  wait: false,
  json: false,
  ...change,
});

function decisions(root: Root): string[] {
  return readdirSync(join(root.path, "decisions"));
}

describe("approving at the desk", () => {
  it("shows what is signed, and is taken over by the Executor and believed by the host", async () => {
    const root = stopped();
    const desk = deskOf(root);
    const { id, hash } = root.action("pending");
    const run = await printed(() => approve(desk, id.slice(0, 8), options()));
    expect(run.answer).toBe(0);
    const [name = ""] = decisions(root);
    const file = join(root.path, "decisions", name);
    const decision = parseDecision(readFileSync(file, "utf8"));
    expect(decision).toMatchObject({ action: id, verdict: "approve", shown: hash });
    for (const line of decision?.authority?.text.trimEnd().split("\n") ?? []) {
      expect(run.stderr).toContain(`  ${line}\n`);
    }
    expect(statSync(file).mode & 0o777).toBe(0o640);
    const work = executorOf(root).workFor("nas");
    if (!work) throw new Error("nothing was handed out");
    const nonces = noncesIn(disk, join(root.path, "nonces"));
    const rules = { host: "nas", keys: { allowedSigners: ALLOWED }, nonces, now: root.now };
    expect(await checkWork(work, rules)).toMatchObject({ by: "anna", order: { target: "files" } });
  });

  it("says each step, and calls it good only when an observation has shown it", async () => {
    const root = stopped();
    const executor = executorOf(root);
    const { id } = root.action("pending");
    const steps = [
      () => void executor.tick(),
      () => void executor.workFor("nas"),
      () => void executor.report("nas", id, "began", { ...DONE, said: "begins" }),
      () => void executor.report("nas", id, "ended", DONE),
      () => {
        root.home.becomes("nas/files", "healthy");
        root.pass(5);
        executor.tick();
      },
    ];
    const desk = deskOf(root, () => steps.shift()?.());
    const run = await printed(() => approve(desk, id, options({ wait: true })));
    expect(run.stderr.slice(run.stderr.indexOf("sent;")).trimEnd().split("\n")).toEqual([
      "sent; the Executor looks each second",
      "approved; waits until nas fetches it",
      "claimed by nas",
      "running on nas",
      "ended on nas; waits for an observation that shows it (the engine did it)",
      expect.stringMatching(/^verified by an observation/),
    ]);
    expect(run.answer).toBe(0);
    expect(run.stdout).toMatch(/^verified by an observation/);
  });

  it("exits 1 for what its host refused, with the host's reason", async () => {
    const root = stopped();
    const executor = executorOf(root);
    const { id } = root.action("pending");
    const desk = deskOf(root, () => {
      executor.workFor("nas");
      executor.report("nas", id, "refused", { ...DONE, ok: false, said: "it was used before" });
    });
    const run = await printed(() => approve(desk, id, options({ wait: true, json: true })));
    expect(run.answer).toBe(1);
    expect(await jsonAnswer(["approve"], run.stdout)).toMatchObject({
      state: "failed",
      said: "its host refused it: it was used before",
    });
  });

  it("exits 1 for a decision that the Executor does not want, with its reason", async () => {
    const root = stopped();
    const { id } = root.action("pending");
    const executor = executorOf(root, ["nas/files"]);
    const desk = deskOf(root, () => executor.tick());
    const run = await printed(() => approve(desk, id, options({ wait: true })));
    expect(run.answer).toBe(1);
    expect(run.stdout).toContain("the control plane does not act on itself");
  });

  it("is done waiting after a while, says what was seen last, and exits 1 (R26)", async () => {
    const root = stopped();
    const desk = deskOf(root, () => (root.home.time += 120));
    const run = await printed(() =>
      approve(desk, root.action("pending").id, options({ wait: true })),
    );
    expect(run.answer).toBe(1);
    expect(run.stdout).toContain(
      "sent; the Executor looks each second; `npx homelab actions --all`",
    );
  });

  it("decides nothing when the person does not say yes, or has no key", async () => {
    const root = stopped();
    const desk = deskOf(root);
    const { id } = root.action("pending");
    const no = options({ confirmed: () => Promise.resolve(false) });
    await printed(() => expect(approve(desk, id, no)).rejects.toThrow("you did not say yes"));
    await printed(() =>
      expect(approve(desk, id, options({ key: `${KEY}-of-nobody` }))).rejects.toMatchObject({
        code: "HL-SIGN",
      }),
    );
    const broken = join(keys, "broken");
    writeFileSync(broken, "no key\n", { mode: 0o600 });
    await printed(() =>
      expect(approve(desk, id, options({ key: broken }))).rejects.toMatchObject({
        code: "HL-SIGN",
      }),
    );
    expect(decisions(root)).toEqual([]);
  });

  it("decides nothing from a world that is old, or by a clock that is another", async () => {
    const root = stopped();
    const desk = deskOf(root);
    const { id } = root.action("pending");
    const late = { ...desk, now: () => root.now() + 61_000 };
    await expect(approve(late, id, options())).rejects.toThrow(
      "the clock of the VPS is 61 s behind",
    );
    root.home.time += 90;
    await expect(approve(desk, id, options())).rejects.toThrow("nobody knows how things are");
    expect(decisions(root)).toEqual([]);
  });

  it("is done once, also by two at the same moment", async () => {
    const root = stopped();
    const { id } = root.action("pending");
    const desk = deskOf(root);
    const both = await printed(() =>
      Promise.allSettled([1, 2, 3].map(() => approve(desk, id, options()))),
    );
    const outcomes = both.answer.map(({ status: how }) => how).sort();
    expect(outcomes).toEqual(["fulfilled", "rejected", "rejected"]);
    expect(decisions(root)).toEqual([`${id}.json`]);
  });

  it("sends a person to the desk's own command for what no host does", async () => {
    const root = stopped();
    const desk = deskOf(root);
    const action = root.action("pending");
    const binding = { ...action.binding, verb: "redeploy-service" as const };
    const changed = { ...action, binding, hash: bindingHash(binding) };
    writeFileSync(join(root.path, "queue", `${action.id}.json`), JSON.stringify(changed));
    await expect(approve(desk, action.id, options())).rejects.toThrow(
      "it is done here: npx homelab deploy nas",
    );
    expect(decisions(root)).toEqual([]);
  });

  it("names those that wait when there is none of that id", async () => {
    const root = stopped();
    const { id } = root.action("pending");
    const there = `there are ${id.slice(0, 12)} (start files on nas)`;
    for (const text of ["0".repeat(32), id.slice(0, 3), "../../etc/passwd"]) {
      await expect(approve(deskOf(stopped()), text, options())).rejects.toThrow("there are ");
    }
    await expect(approve(deskOf(root), "nothing", options())).rejects.toThrow(there);
  });

  it("rejects for a reason, and sees that it is taken note of", async () => {
    const root = stopped();
    const executor = executorOf(root);
    const desk = deskOf(root, () => executor.tick());
    const { id } = root.action("pending");
    const flags = { wait: true, json: false };
    await expect(reject(desk, id, "", flags)).rejects.toThrow("a rejection says why");
    const run = await printed(() => reject(desk, id, "not\u001b[2J now", flags));
    expect(run.answer).toBe(0);
    expect(root.action("rejected").decision?.reason).toBe("not\\u001b[2J now");
  });
});
