import { describe, expect, it } from "vitest";
import { samba } from "../../../components/storage/samba.plan.ts";
import { syncthing } from "../../../components/storage/syncthing.plan.ts";
import { serviceOf } from "../../support/plan.ts";
import { site } from "../../support/site.ts";

describe("the NAS's shares", () => {
  it("leave no volume without a name behind when Samba's container is made anew", () => {
    expect(serviceOf(samba(site), "samba").mounts).toContainEqual(
      expect.objectContaining({ kind: "tmpfs", target: "/storage" }),
    );
  });

  it("let root's supervisor stop Syncthing, which runs as another user", () => {
    expect(serviceOf(syncthing(site), "syncthing").capabilities).toContain("KILL");
  });
});
