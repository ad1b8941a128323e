import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { byPolicy, type PolicyRules } from "../../../control-plane/actor/by-policy.ts";
import { carryOut, type Hands, type Outcome } from "../../../control-plane/actor/carry-out.ts";
import { noncesIn } from "../../../control-plane/actor/nonces.ts";
import type { SignedPolicies } from "../../../control-plane/contract/signed-policies.ts";
import { VERBS } from "../../../control-plane/contract/verbs.ts";
import type { Work } from "../../../control-plane/contract/work.ts";
import { auditLines, auditTrail } from "../../../control-plane/disk/audit-trail.ts";
import { disk } from "../../../control-plane/disk/disk.ts";
import { BINDING } from "../binding.ts";
import { ALLOWED, NOW, THIEF, workFor } from "./keys.ts";
import { dated, NOON, signedPolicies, signedText, workByPolicy } from "./policies.ts";

const HOUR = 3600_000;

/** A host that judges by policies, and takes note of what it does. */
class Host {
  readonly root = mkdtempSync(join(tmpdir(), "host-"));
  readonly did: string[] = [];
  readonly record = join(this.root, "policies.json");

  does(work: Work, change: Partial<PolicyRules> = {}): Promise<Outcome> {
    const { now = () => NOW } = change;
    const keys = { allowedSigners: ALLOWED };
    const rules: PolicyRules = {
      keys,
      disk,
      record: this.record,
      now,
      riskOf: () => Promise.resolve("low"),
      whyNotNeeded: () => Promise.resolve(undefined),
      ...change,
    };
    const act = ({ verb, target }: { verb: string; target: string }) => {
      this.did.push(`${verb} ${target}`);
      return Promise.resolve({ ok: true, said: "done" });
    };
    return carryOut(work, {
      rules: {
        host: "nas",
        keys,
        nonces: noncesIn(disk, join(this.root, "orders")),
        now,
        policy: (order, signature) => byPolicy(order, signature, rules),
      },
      hands: Object.fromEntries(VERBS.map((verb) => [verb, act])) as unknown as Hands,
      whyNot: () => Promise.resolve(undefined),
      report: () => Promise.resolve(true),
      audit: auditTrail(disk, this.root, "actor"),
    });
  }

  get audit() {
    return auditLines(disk, this.root, "actor").lines;
  }
}

describe("an order that nobody signed", () => {
  it("goes by a policy that somebody signed, and is written down as that person's", async () => {
    const host = new Host();
    expect(await host.does(workByPolicy(await signedPolicies()))).toBe("done");
    expect(host.did).toEqual(["restart jellyfin"]);
    expect(host.audit.map(({ what, by }) => `${what} ${by}`)).toEqual([
      "began policy noon of anna",
      "ended policy noon of anna",
    ]);
  });

  it("goes by none on a host that knows no policies", async () => {
    const host = new Host();
    const work = workByPolicy(await signedPolicies());
    const rules = { host: "nas", keys: { allowedSigners: ALLOWED }, now: () => NOW };
    const outcome = await carryOut(work, {
      rules: { ...rules, nonces: noncesIn(disk, join(host.root, "orders")) },
      hands: {} as Hands,
      whyNot: () => Promise.resolve(undefined),
      report: () => Promise.resolve(true),
      audit: auditTrail(disk, host.root, "actor"),
    });
    expect(outcome).toBe("refused");
    expect(host.audit[0]?.reason).toBe("this host knows no policy");
  });

  it("goes no more often than its policy says, also after a restart and with the clock set back", async () => {
    const host = new Host();
    const policies = await signedPolicies();
    const at = (now: number) => host.does(workByPolicy(policies), { now: () => now });
    expect(await at(NOW)).toBe("done");
    expect(await at(NOW + 1000)).toBe("done");
    expect(await at(NOW + 2000)).toBe("refused");
    expect(host.audit.at(-1)?.reason).toBe("no policy lets it go: noon went 2 times within 24 h");
    expect(await at(NOW - HOUR / 2)).toBe("refused");
    expect(host.did).toHaveLength(2);
  });

  it("goes by no policies that are older than those the host has seen", async () => {
    const host = new Host();
    const older = await signedPolicies(dated({}, { signed: "2026-11-19T12:00:00Z" }));
    expect(await host.does(workByPolicy(older))).toBe("done");
    expect(await host.does(workByPolicy(await signedPolicies()))).toBe("done");
    expect(await host.does(workByPolicy(older))).toBe("refused");
    expect(host.audit.at(-1)?.reason).toMatch(/^newer policies than those of 2026-11-19/);
  });
});

describe("policies that let nothing go", () => {
  const older = dated({}, { signed: "2026-11-19T12:00:00Z" });
  const newer: readonly [string, Parameters<typeof dated>][] = [
    ["are off", [{ on: false }]],
    ["are none any more", [{}, { policies: [] }]],
    ["are too old themselves", [{}, { until: "2026-11-26T11:00:00Z" }]],
  ];

  it.each(newer)(
    "since they %s are seen all the same: those before count no more",
    async (_, as) => {
      const host = new Host();
      expect(await host.does(workByPolicy(await signedPolicies(dated(...as))))).toBe("refused");
      expect(await host.does(workByPolicy(await signedPolicies(older)))).toBe("refused");
      expect(host.audit.at(-1)?.reason).toMatch(/^newer policies than those of 2026-11-19/);
      expect(host.did).toEqual([]);
    },
  );

  it("are not seen when a stranger signed them, or for a time to come", async () => {
    const host = new Host();
    const forged = await signedPolicies(dated(), THIEF);
    const toCome = await signedPolicies(dated({}, { signed: "2026-11-26T12:02:00Z" }));
    for (const each of [forged, toCome]) await host.does(workByPolicy(each));
    expect(disk.read(host.record)).toBeUndefined();
    expect(await host.does(workByPolicy(await signedPolicies(older)))).toBe("done");
  });
});

describe("a host refuses, and writes down", () => {
  const other = { ...BINDING, verb: "start" } as const;
  const altered = async (): Promise<SignedPolicies> => {
    const good = await signedPolicies();
    return { ...good, text: good.text.replace('"times":2', '"times":24') };
  };
  const refusals: readonly [string, () => Promise<Work>, RegExp, Partial<PolicyRules>?][] = [
    [
      "policies that a stranger signed",
      async () => workByPolicy(await signedPolicies(dated(), THIEF)),
      /^nobody whose key is on this host signed it/,
    ],
    [
      "policies that were altered after they were signed",
      async () => workByPolicy(await altered()),
      /^its signature is not good for this text/,
    ],
    [
      "an order that somebody signed, in the place of policies",
      async () => workByPolicy(await signedText((await workFor()).authority.text)),
      /^what was handed over as policies is none/,
    ],
    [
      "signed policies, in the place of an order",
      async () => {
        const work = await workFor();
        const { text, armored } = await signedPolicies();
        const authority = { version: 1, text, signature: { kind: "ssh", armored } } as const;
        return { ...work, authority };
      },
      /^this is no order/,
    ],
    [
      "what no policy is about",
      async () => workByPolicy(await signedPolicies(), other),
      /noon is not about start/,
    ],
    [
      "a policy of another host",
      async () => workByPolicy(await signedPolicies(dated({ hosts: ["vps"] }))),
      /noon is not about nas/,
    ],
    [
      "a policy that is off",
      async () => workByPolicy(await signedPolicies(dated({ on: false }))),
      /noon is off/,
    ],
    [
      "a policy that is not there",
      async () => workByPolicy(await signedPolicies(), BINDING, "night"),
      /there is no policy/,
    ],
    [
      "one policy's order under the name of another",
      async () => {
        const policies = [NOON, { ...NOON, name: "night", verbs: ["start" as const] }];
        return workByPolicy(await signedPolicies(dated({}, { policies })), BINDING, "night");
      },
      /night is not about restart/,
    ],
    [
      "what is out of the hours by its own clock",
      async () =>
        workByPolicy(await signedPolicies(dated({ hours: { from: "02:00", until: "04:00" } }))),
      /noon is for 02:00 to 04:00/,
    ],
    [
      "policies that are not good any more",
      async () => workByPolicy(await signedPolicies(dated({}, { until: "2026-11-26T12:00:00Z" }))),
      /^its policies were good until 2026-11-26T12:00:00Z/,
    ],
    [
      "policies that are signed for a time to come",
      async () => workByPolicy(await signedPolicies(dated({}, { signed: "2026-11-26T12:02:00Z" }))),
      /which is to come/,
    ],
    [
      "what is of more risk by its own look",
      async () => workByPolicy(await signedPolicies()),
      /noon lets no medium risk go/,
      { riskOf: () => Promise.resolve("medium") },
    ],
    [
      "what nothing calls for by its own look",
      async () => workByPolicy(await signedPolicies()),
      /^by a policy goes what is needed: jellyfin is not unhealthy/,
      { whyNotNeeded: () => Promise.resolve("jellyfin is not unhealthy") },
    ],
    [
      "an order for another host",
      async () => workByPolicy(await signedPolicies(), { ...BINDING, host: "vps" }),
      /^it is for vps/,
    ],
    [
      "an order that is too old",
      async () =>
        workByPolicy(await signedPolicies(), BINDING, "noon", { expires: "2026-11-26T11:00:00Z" }),
      /^it was good until 2026-11-26T11:00:00Z/,
    ],
  ];

  it.each(refusals)("%s", async (_, workOf, reason, change = {}) => {
    const host = new Host();
    expect(await host.does(await workOf(), change)).toBe("refused");
    expect(host.did).toEqual([]);
    expect(host.audit.map(({ what }) => what)).toEqual(["refused"]);
    expect(host.audit[0]?.reason).toMatch(reason);
    // Nothing that was refused counts.
    expect(disk.read(host.record) ?? '"gone":[]').toContain('"gone":[]');
  });

  it("everything by a policy once its record cannot be read: nobody knows how often something went", async () => {
    const host = new Host();
    disk.write(host.record, "{");
    expect(await host.does(workByPolicy(await signedPolicies()))).toBe("refused");
    expect(host.audit[0]?.reason).toContain("cannot be read");
    expect(disk.read(host.record)).toBe("{");
  });

  it("an order that is handed over again", async () => {
    const host = new Host();
    const work = workByPolicy(await signedPolicies());
    expect(await host.does(work)).toBe("done");
    expect(await host.does(work)).toBe("refused");
    expect(host.did).toHaveLength(1);
  });
});
