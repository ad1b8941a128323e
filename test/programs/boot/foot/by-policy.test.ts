import { describe, expect, it, vi } from "vitest";
import { planWith } from "./told-observer.ts";
import { BINDING } from "../../../control-plane/binding.ts";
import { dated, signedPolicies, workByPolicy } from "../../../control-plane/actor/policies.ts";
import { THIEF } from "../../../control-plane/actor/keys.ts";
import { actorOf, bindingOf, JELLYFIN, settledState, thief, WAIT } from "./actor.ts";

const ALL = dated({ verbs: ["start", "restart", "remount"] });
const [DIGEST = ""] = BINDING.digests;
const HEALTHY = {
  jellyfin: { status: "running", health: "healthy", image: `jellyfin:1@${DIGEST}` },
};
const ENDED = { jellyfin: { status: "exited", image: `jellyfin:1@${DIGEST}` } };
const COMPLETED = { at: "completed", since: 1 } as const;
const remount = bindingOf({
  verb: "remount",
  target: "nas-media",
  digests: [],
  commit: "e".repeat(40),
});

/** A plan in which jellyfin is critical, or six others cannot run without it. */
function planIn(how: "critical" | "needed") {
  const names = ["jellyfin", "files", ...Array.from({ length: 6 }, (_, at) => `needs-${at}`)];
  const plan = planWith(names);
  const requires = [
    { on: "jellyfin", condition: "healthy", strength: "hard", limitSeconds: 60 },
  ] as const;
  const services = plan.services.map((one) => ({
    ...one,
    critical: how === "critical" && one.name === "jellyfin",
    requires: how === "needed" && one.name.startsWith("needs-") ? [...requires] : [],
  }));
  return () => Promise.resolve({ ...plan, services });
}

describe("a host to which orders are handed over that go by a policy", () => {
  it("restarts what is unhealthy by its own look", async () => {
    const { url } = await thief([workByPolicy(await signedPolicies(ALL))]);
    const { engine, audit } = await actorOf(url, JELLYFIN);
    await vi.waitFor(() => expect(engine.did).toEqual(["restart jellyfin 10"]), WAIT);
    await vi.waitFor(() => expect(audit().at(-1)?.by).toBe("policy noon of anna"), WAIT);
  });

  it.each<
    [string, RegExp, Parameters<typeof workByPolicy>[1], Parameters<typeof actorOf>[1], object]
  >([
    ["a restart of what is healthy", /jellyfin is not unhealthy/, BINDING, HEALTHY, {}],
    ["a start of what runs", /jellyfin runs/, bindingOf({ verb: "start" }), JELLYFIN, {}],
    ["a remount of what is mounted", /is not closed/, remount, JELLYFIN, {}],
    [
      "a start of what ran to its end, as it should",
      /jellyfin ran to its end/,
      bindingOf({ verb: "start" }),
      ENDED,
      { state: { ...settledState(), services: new Map([["jellyfin", COMPLETED]]) } },
    ],
    [
      "a restart of what its plan calls critical",
      /lets no medium risk go/,
      BINDING,
      JELLYFIN,
      { plan: planIn("critical") },
    ],
    [
      "a restart of what many of its services need",
      /lets no medium risk go/,
      BINDING,
      JELLYFIN,
      { plan: planIn("needed") },
    ],
    [
      "anything where it cannot read its own plan",
      /lets no high risk go/,
      BINDING,
      JELLYFIN,
      { plan: () => Promise.resolve(undefined) },
    ],
    [
      "a restart below a mount that is not there",
      /cannot run without gate:nas-media/,
      BINDING,
      JELLYFIN,
      { state: settledState("closed") },
    ],
  ])("refuses %s", async (_, reason, binding, containers, change) => {
    const { url } = await thief([workByPolicy(await signedPolicies(ALL), binding)]);
    const { engine, audit } = await actorOf(url, containers, change);
    await vi.waitFor(() => expect(audit()).toHaveLength(1), WAIT);
    expect(audit()[0]).toMatchObject({ what: "refused" });
    expect(audit()[0]?.reason).toMatch(reason);
    expect(engine.did).toEqual([]);
  });

  it("refuses what policies let go that somebody took back since, though these let nothing go", async () => {
    const none = dated({}, { policies: [], signed: "2026-11-26T11:00:00Z" });
    const { url } = await thief(
      [workByPolicy(await signedPolicies(ALL))],
      await signedPolicies(none),
    );
    const { engine, audit } = await actorOf(url, JELLYFIN);
    await vi.waitFor(() => expect(audit()).toHaveLength(1), WAIT);
    expect(audit()[0]?.reason).toMatch(/^newer policies than those of 2026-11-20/);
    expect(engine.did).toEqual([]);
  });

  it.each([
    ["that a stranger signed", () => signedPolicies(dated({}, { policies: [] }), THIEF)],
    ["that are none", () => Promise.resolve({ version: 1, text: "homelab", armored: "" })],
    ["in words that nobody knows", () => Promise.resolve("x".repeat(50_000))],
  ])("goes on before policies %s", async (_, policies) => {
    const { url } = await thief([workByPolicy(await signedPolicies(ALL))], await policies());
    const { engine } = await actorOf(url, JELLYFIN);
    await vi.waitFor(() => expect(engine.did).toEqual(["restart jellyfin 10"]), WAIT);
  });
});
