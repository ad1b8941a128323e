import { describe, expect, it } from "vitest";
import { areOf, pulumiLocksIn } from "../../../deploy/staged/roll-out.ts";
import { ownIdentity } from "../../../deploy/staged/owner.ts";
import {
  chosenServices,
  plannedSteps,
  progressIn,
  targetOptions,
} from "../../../deploy/staged/services.ts";
import { isStable, sampleOf, type Sample } from "../../../deploy/staged/verify.ts";
import type { PulumiEvent } from "../../../workspace/pulumi-events.ts";
import { hostAsDeclared, lockOf } from "../drift/imitated-host.ts";
import { hostNamed } from "../../support/fleet.ts";

const NAS = hostNamed("nas");
const NAMES = new Set(["samba", "forgejo"]);

type Kind = "resourcePreEvent" | "resOutputsEvent" | "resOpFailedEvent";

function event(kind: Kind, op: string, name: string): PulumiEvent {
  return { [kind]: { metadata: { op, urn: `urn:pulumi:nas::homelab::t::${name}`, type: "t" } } };
}

describe("what Pulumi's events say of a service", () => {
  it("is that it is made anew, ready when its gate is through, or failed", () => {
    const say = (...args: Parameters<typeof event>) => progressIn(event(...args), NAMES);
    expect(say("resourcePreEvent", "create-replacement", "samba-container")).toEqual({
      service: "samba",
      what: "began",
      changed: true,
    });
    expect(say("resOutputsEvent", "create", "samba-gate")).toMatchObject({ what: "ready" });
    expect(say("resOutputsEvent", "same", "samba-gate")).toMatchObject({
      what: "ready",
      changed: false,
    });
    expect(say("resOpFailedEvent", "create", "samba-gate")).toMatchObject({ what: "failed" });
  });

  it("is nothing while a refresh looks, an old gate goes, or a gate of the host opens", () => {
    for (const [kind, op, name] of [
      ["resOutputsEvent", "refresh", "samba-gate"],
      ["resOutputsEvent", "delete-replaced", "samba-gate"],
      ["resourcePreEvent", "delete-replaced", "samba-container"],
      ["resOutputsEvent", "create", "gate-mesh"],
      ["resOutputsEvent", "create", "other-gate"],
    ] as const) {
      expect(progressIn(event(kind, op, name), NAMES), `${op} ${name}`).toBeUndefined();
    }
  });

  it("of a preview is the plan, a replacement once", () => {
    const events = [
      event("resourcePreEvent", "same", "a"),
      event("resourcePreEvent", "create-replacement", "samba-container"),
      event("resourcePreEvent", "replace", "samba-container"),
      event("resourcePreEvent", "delete-replaced", "samba-container"),
      event("resourcePreEvent", "create", "b"),
    ].map((one) => ({ event: one }));
    expect([...plannedSteps(events)]).toEqual([
      ["make anew", ["samba-container"]],
      ["make", ["b"]],
    ]);
  });
});

describe("a run of one stack of services", () => {
  it("targets what is made for each of them, their images, and the copies before an image changes", () => {
    const [forgejo] = chosenServices(NAS, "git");
    expect(forgejo?.name).toBe("forgejo");
    const targets = targetOptions(forgejo ? [forgejo] : []).filter((word) => word !== "--target");
    expect(targets).toEqual(
      expect.arrayContaining([
        "**::data-guard",
        "**::host-plan",
        "**::forgejo-container",
        "**::forgejo-gate",
        "**::forgejo/forgejo:11.0",
      ]),
    );
  });

  it("names the stacks that there are when there is none of that name", () => {
    expect(() => chosenServices(NAS, "nonsense")).toThrow(/its stacks are .*git/);
  });
});

describe("Pulumi's own lock", () => {
  const message = `the stack is currently locked by 1 lock(s). Either wait …
  file:///state: created by ana@desk (pid 77) at 2026-11-26T07:00:00Z`;
  const owner = { ...ownIdentity(), host: "desk" };
  const lock = { version: 1, id: "x", owner, commit: "c", reason: "r" } as const;

  it("is read from what Pulumi says of it, and of nothing else", () => {
    const since = Date.parse("2026-11-26T07:00:00Z");
    expect(pulumiLocksIn(message)).toEqual([{ host: "desk", pid: 77, since }]);
    expect(pulumiLocksIn("another failure: created by ana@desk (pid 77) at now")).toEqual([]);
  });

  it("is of the dead run when it is of its computer and no older, and of nobody else's", () => {
    const locks = pulumiLocksIn(message);
    const of = (since: string, host = "desk") =>
      areOf(locks, { ...lock, since, owner: { ...owner, host } });
    expect(of("2026-11-26T07:00:00.900Z")).toBe(true);
    expect(of("2026-11-26T07:00:01.000Z")).toBe(false);
    expect(of("2026-11-26T06:59:00.000Z", "laptop")).toBe(false);
    expect(areOf([], { ...lock, since: "2026-11-26T06:59:00.000Z" })).toBe(false);
  });
});

describe("a host after its deployment", () => {
  const declared = { declaration: NAS, lock: lockOf(NAS) };
  const names = NAS.services.map(({ name }) => name);
  const look = () => hostAsDeclared(NAS, declared.lock);

  it("is stable when several looks find everybody healthy in the same containers", () => {
    const sample = sampleOf(declared, names, look());
    expect(isStable([sample, sample])).toBe(false);
    expect(isStable([sample, sample, sample])).toBe(true);
  });

  it("is not when a service is unhealthy in one of them, which is named with its last words", () => {
    const seen = look();
    const [first] = seen.containers;
    if (!first) throw new Error("no container");
    first.State.Health = { Status: "unhealthy", Log: [{ ExitCode: 1, Output: "no answer" }] };
    const sick = sampleOf(declared, names, seen);
    expect([...sick.troubles.values()]).toEqual([expect.stringContaining('"no answer"')]);
    const well = sampleOf(declared, names, look());
    expect(isStable([well, well, sick])).toBe(false);
    expect(isStable([sick, well, well, well])).toBe(true);
  });

  it("is not when a container was started anew between two looks, or somebody made another", () => {
    const well = sampleOf(declared, names, look());
    for (const change of [{ RestartCount: 1 }, { Id: "another" }]) {
      const seen = look();
      Object.assign(seen.containers[0] ?? {}, change);
      const other: Sample = { ...sampleOf(declared, names, seen), troubles: new Map() };
      expect(isStable([well, other, other])).toBe(false);
    }
  });

  it("is not when it is away", () => {
    const away = sampleOf(declared, names, {
      away: "ssh",
      found: "no route",
      hint: "ssh nas true",
    });
    expect([...away.troubles.values()]).toEqual(names.map(() => "no route"));
  });
});
