import { describe, expect, it } from "vitest";
import { sambaPlan } from "../../../components/storage/samba.plan.ts";
import { syncthingPlan } from "../../../components/storage/syncthing.plan.ts";
import { serviceOf } from "../../support/plan.ts";
import { site } from "../../support/site.ts";

describe("the NAS's shares", () => {
  it("leave no volume without a name behind when Samba's container is made anew", () => {
    expect(serviceOf(sambaPlan(site), "samba").mounts).toContainEqual(
      expect.objectContaining({ kind: "tmpfs", target: "/storage" }),
    );
  });

  it("let root's supervisor stop Syncthing, which runs as another user", () => {
    expect(serviceOf(syncthingPlan(site), "syncthing").capabilities).toContain("KILL");
  });
});
