import { describe, expect, it } from "vitest";
import { whatBecame } from "../../../deploy/rollback/what-became.ts";
import type { Receipt } from "../../../deploy/staged/receipt.ts";
import { hostPlan } from "../../../model/host-plan.ts";
import { hostAsDeclared, lockOf, type SeenHost } from "../drift/imitated-host.ts";
import { hostNamed } from "../../support/fleet.ts";

const NAS = hostNamed("nas");
const LOCK = lockOf(NAS);
const NAMES = ["samba", "forgejo"];
const SERVICES: Receipt["services"] = Object.fromEntries(
  hostPlan(NAS, LOCK, "c").services.map(({ name, image, spec }) => [name, { image, spec }]),
);
const FAILED = hostAsDeclared(NAS, LOCK);

/** The host after some containers were made anew, as they were declared. */
function after(...anew: readonly string[]): SeenHost {
  const look = hostAsDeclared(NAS, LOCK);
  for (const one of look.containers) if (anew.includes(one.Name.slice(1))) one.Id = "anew";
  return look;
}

function became(look: SeenHost) {
  return whatBecame({ services: SERVICES }, NAMES, FAILED, look);
}

describe("what came of the services that were to be put back", () => {
  it("is that they are back, once each has another container, from the receipt's declaration and image", () => {
    expect(became(after("samba", "forgejo"))).toEqual({ back: NAMES, left: undefined });
  });

  it("is not that one is back whose container is the one that failed, though its label agrees", () => {
    expect(became(after("forgejo"))).toEqual({
      back: ["forgejo"],
      left: "samba has the same container as before: that deployment makes no other of it",
    });
    expect(became(after()).back).toEqual([]);
  });

  it("is not that one is back which is gone, or of another declaration", () => {
    const look = after("samba", "forgejo");
    look.containers = look.containers.filter(({ Name }) => Name !== "/samba");
    for (const one of look.containers) one.Config.Labels = { "homelab.spec": "other" };
    expect(became(look)).toEqual({
      back: [],
      left: "samba has no container; forgejo was made from another declaration",
    });
  });
});
