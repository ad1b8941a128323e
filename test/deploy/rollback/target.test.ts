import { describe, expect, it } from "vitest";
import { rollbackTarget } from "../../../deploy/rollback/target.ts";
import { lockOf } from "../../../deploy/rollback/lock-of.ts";
import { receiptSample } from "../../../deploy/rollback/verify-receipt.ts";
import type { Receipt } from "../../../deploy/staged/receipt.ts";
import { receiptDifferences } from "../../../model/receipt-differences.ts";
import { hostPlan } from "../../../model/host-plan.ts";
import { hostAsDeclared, lockOf as imagesOf } from "../drift/imitated-host.ts";
import { hostNamed } from "../../support/fleet.ts";

const NAS = hostNamed("nas");
const LOCK = imagesOf(NAS);

function receipt(commit: string, began: string, other: Partial<Receipt> = {}): Receipt {
  const plan = hostPlan(NAS, LOCK, commit);
  return {
    version: 1,
    id: began,
    host: "nas",
    commit,
    planDigest: plan.digest,
    only: null,
    by: "ana@desk",
    began,
    ended: began,
    durations: {},
    services: Object.fromEntries(
      plan.services.map(({ name, image, spec }) => [name, { image, spec }]),
    ),
    ...other,
  };
}

const OLD = receipt("aaaa1111", "2026-11-24T10:00:00.123Z");
const PART = receipt("bbbb1111", "2026-11-25T09:00:00.000Z", { only: "git" });
const NEW = receipt("cccc1111", "2026-11-25T10:00:00.000Z");
const AGAIN = receipt("cccc1111", "2026-11-25T11:00:00.000Z");
const ALL = [AGAIN, NEW, PART, OLD];

describe("the deployment to go back to", () => {
  it("is the newest of the whole host that is another than the last", () => {
    expect(rollbackTarget("nas", ALL, undefined)).toBe(OLD);
    const settings = receipt("cccc1111", "2026-11-25T10:30:00.000Z", { planDigest: "another" });
    expect(rollbackTarget("nas", [AGAIN, settings, OLD], undefined)).toBe(settings);
  });

  it.each([
    "aaaa",
    "aaaa1111",
    "2026-11-24T10:00:00.123Z",
    "2026-11-24T10:00:00Z",
    "20261124T100000Z",
  ])("is the one that is named: %s", (name) => expect(rollbackTarget("nas", ALL, name)).toBe(OLD));

  it("is none of a part of the host, none that is not there, and none that one letter names", () => {
    for (const name of ["bbbb1111", "dddd", "a", ""]) {
      expect(() => rollbackTarget("nas", ALL, name), name).toThrow(`no deployment "${name}"`);
    }
    expect(() => rollbackTarget("nas", [AGAIN, NEW], undefined)).toThrow("no other deployment");
    expect(() => rollbackTarget("nas", [], undefined)).toThrow("no other deployment");
  });

  it("has the digests that its images had", () => {
    expect(lockOf(OLD)).toEqual({ version: 1, images: LOCK.images });
  });
});

describe("what changes between two deployments", () => {
  it("is commit and plan, and each service that came, went or is otherwise", () => {
    const { samba, glances, syncthing, ...rest } = OLD.services;
    if (!samba || !glances || !syncthing) throw new Error("no such services");
    const after = receipt("cccc1111", NEW.began, {
      planDigest: "p",
      services: {
        ...rest,
        samba: { ...samba, image: "other@sha256:1" },
        glances: { ...glances, spec: "s" },
        notes: samba,
      },
    });
    expect(receiptDifferences(OLD, OLD)).toEqual([]);
    expect(receiptDifferences(OLD, after).map(({ name, change }) => `${name} ${change}`)).toEqual([
      "commit commit",
      "plan plan",
      "glances settings",
      "notes added",
      "samba image",
      "syncthing removed",
    ]);
  });
});

describe("a host that went back", () => {
  it("has exactly the containers of the receipt, healthy", () => {
    const { troubles, marks } = receiptSample(OLD, hostAsDeclared(NAS, LOCK));
    expect(troubles).toEqual(new Map());
    expect([...marks.keys()].sort()).toEqual(Object.keys(OLD.services).sort());
  });

  it("has not when one is missing, of another image or declaration, or not healthy", () => {
    const look = hostAsDeclared(NAS, LOCK);
    const named = (name: string) => {
      const found = look.containers.find(({ Name }) => Name === `/${name}`);
      if (!found) throw new Error(`no container ${name}`);
      return found;
    };
    look.containers = look.containers.filter(({ Name }) => Name !== "/samba");
    named("glances").State.Health = { Status: "unhealthy", Log: [] };
    named("syncthing").Config.Labels = { "homelab.spec": "other" };
    named("forgejo").Config.Image = "forgejo@sha256:2";
    named("forgejo").Image = "sha256:3";
    expect(
      [...receiptSample(OLD, look).troubles].map(([name, text]) => `${name} ${text}`).sort(),
    ).toEqual([
      expect.stringMatching(/^forgejo is not of the image .*forgejo:11.0@sha256:/),
      "glances is unhealthy",
      "samba has no container",
      "syncthing was made from another declaration",
    ]);
  });

  it("is not known to have when it is away", () => {
    const { troubles } = receiptSample(OLD, { away: "ssh", found: "no route", hint: "" });
    expect(new Set(troubles.values())).toEqual(new Set(["no route"]));
  });
});
