import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { carryOut, type ActorArgs, type Hands } from "../../../control-plane/actor/carry-out.ts";
import { noncesIn } from "../../../control-plane/actor/nonces.ts";
import { VERBS } from "../../../control-plane/contract/verbs.ts";
import type { Step } from "../../../control-plane/contract/work.ts";
import { auditLines, auditTrail } from "../../../control-plane/disk/audit-trail.ts";
import { disk } from "../../../control-plane/disk/disk.ts";
import { BINDING } from "../binding.ts";
import { ALLOWED, NOW, THIEF, workFor } from "./keys.ts";

/** A host that takes note of what it does. */
class Host {
  readonly root = mkdtempSync(join(tmpdir(), "host-"));
  readonly did: string[] = [];
  readonly said: string[] = [];
  isHeard = true;

  args(change: Partial<ActorArgs> = {}): ActorArgs {
    const act = (verb: string) => (order: { target: string }) => {
      this.did.push(`${verb} ${order.target}`);
      return Promise.resolve({ ok: true, said: "restarted" });
    };
    return {
      rules: {
        host: "nas",
        keys: { allowedSigners: ALLOWED },
        nonces: noncesIn(disk, join(this.root, "nonces")),
        now: () => NOW,
      },
      hands: Object.fromEntries(VERBS.map((verb) => [verb, act(verb)])) as unknown as Hands,
      whyNot: () => Promise.resolve(undefined),
      report: (_id: string, step: Step) => {
        this.said.push(step);
        return Promise.resolve(this.isHeard);
      },
      audit: auditTrail(disk, this.root, "actor"),
      ...change,
    };
  }

  get audit() {
    return auditLines(disk, this.root, "actor").lines;
  }
}

describe("a host that was handed a signed order", () => {
  it("says that it begins, acts, says how it went, and writes down the order as it checked it", async () => {
    const host = new Host();
    expect(await carryOut(await workFor(), host.args())).toBe("done");
    expect(host.did).toEqual(["restart jellyfin"]);
    expect(host.said).toEqual(["began", "ended"]);
    expect(host.audit.map(({ what, by }) => `${what} ${by}`)).toEqual(["began anna", "ended anna"]);
    expect(host.audit[0]?.order).toContain("homelab order 1; host: nas; verb: restart;");
  });

  it("acts once, however often it is handed it", async () => {
    const host = new Host();
    const work = await workFor();
    for (let times = 0; times < 5; times++) await carryOut(work, host.args());
    expect(host.did).toHaveLength(1);
    expect(host.audit.filter(({ what }) => what === "refused")).toHaveLength(4);
  });

  it("does nothing when nobody takes note that it begins, and not later either", async () => {
    const host = new Host();
    host.isHeard = false;
    const work = await workFor();
    expect(await carryOut(work, host.args())).toBe("not heard");
    host.isHeard = true;
    expect(await carryOut(work, host.args())).toBe("refused");
    expect(host.did).toEqual([]);
  });

  it("refuses what it sees to be otherwise than was signed, by its own look", async () => {
    const host = new Host();
    const whyNot = () => Promise.resolve("jellyfin runs another image");
    expect(await carryOut(await workFor(), host.args({ whyNot }))).toBe("refused");
    expect(host.did).toEqual([]);
    expect(host.audit).toMatchObject([
      { what: "refused", by: "anna", reason: "jellyfin runs another image" },
    ]);
  });

  it("refuses what is no work at all, whatever else it is (S5)", async () => {
    const host = new Host();
    const good = await workFor();
    const target = "\u001b]52;c;x";
    const handed = [
      null,
      "",
      {},
      { ...good, version: 2 },
      { ...good, binding: { ...good.binding, target: 7 } },
      { ...good, binding: { ...good.binding, verb: "remove" } },
      { ...good, id: "../../etc" },
      { ...good, shell: "id" },
    ];
    for (const work of handed) expect(await carryOut(work, host.args())).toBe("refused");
    const hostile = { ...good, binding: { ...good.binding, target } };
    expect(await carryOut(hostile, host.args())).toBe("refused");
    expect(host.did).toEqual([]);
    expect(host.audit).toHaveLength(handed.length + 1);
    expect(JSON.stringify(host.audit)).not.toContain(target);
  });

  it("writes down a short line of what nobody signed, however long that is", async () => {
    const host = new Host();
    const good = await workFor();
    const digests = Array.from({ length: 100 }, () => `sha256:${"e".repeat(64)}`).join(" ");
    const text = good.authority.text.replace(/^digests: .*$/m, `digests: ${digests}`);
    const long = { ...good, authority: { ...good.authority, text } };
    expect(await carryOut(long, host.args())).toBe("refused");
    expect(host.audit[0]?.order).toMatch(/^homelab order 1; host: nas; /);
    expect(host.audit[0]?.order?.length).toBeLessThanOrEqual(500);
    // All of an order that a host can carry out is there.
    const other = {
      ...good,
      authority: { ...good.authority, signature: { kind: "ssh", armored: "x" } },
    };
    expect(await carryOut(other, host.args())).toBe("refused");
    expect(host.audit[1]?.order).toBe(good.authority.text.trimEnd().replaceAll("\n", "; "));
  });

  it("says that it failed when its hands do", async () => {
    const host = new Host();
    const hands = {
      ...host.args().hands,
      restart: () => Promise.reject(new Error("no such\u001b[2J")),
    };
    expect(await carryOut(await workFor(), host.args({ hands }))).toBe("failed");
    expect(host.audit.at(-1)?.reason).toBe("failed: no such\\u001b[2J");
  });
});

describe("a thief with everything that lies on the VPS", () => {
  it("makes a host do nothing, and each attempt is written down with its reason", async () => {
    const host = new Host();
    const good = await workFor();
    await carryOut(good, host.args());
    const forged = await workFor(BINDING, {}, THIEF);
    const another = await workFor({ ...BINDING, target: "paperless" });
    const attempts = [
      forged,
      good,
      { ...another, binding: good.binding, hash: good.hash },
      { ...good, authority: { ...good.authority, text: another.authority.text } },
      await workFor(BINDING, { expires: "2026-11-26T11:00:00Z" }),
      await workFor({ ...BINDING, host: "vps" }),
    ];
    for (const attempt of attempts) {
      expect(await carryOut(attempt, host.args())).toBe("refused");
    }
    expect(host.did).toEqual(["restart jellyfin"]);
    const refused = host.audit.filter(({ what }) => what === "refused");
    expect(refused.map(({ reason }) => reason)).toEqual([
      "nobody whose key is on this host signed it",
      "it was used before",
      "what was handed over is something else than what was signed",
      "what was handed over is something else than what was signed",
      "it was good until 2026-11-26T11:00:00Z",
      "it is for vps, and this is nas",
    ]);
  });
});
