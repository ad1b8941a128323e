import { describe, expect, it } from "vitest";
import { samba } from "../../../components/storage/samba.plan.ts";
import { syncthing } from "../../../components/storage/syncthing.plan.ts";
import { NAS_FOLDERS } from "../../../household/folders.ts";
import { serviceOf } from "../../support/plan.ts";
import { site } from "../../support/site.ts";

describe("the NAS's shares", () => {
  it("leave no volume without a name behind when Samba's container is made anew", () => {
    expect(serviceOf(samba(site, { shares: [NAS_FOLDERS.media] }), "samba").mounts).toContainEqual(
      expect.objectContaining({ kind: "tmpfs", target: "/storage" }),
    );
  });

  it("let root's supervisor stop Syncthing, which runs as another user", () => {
    expect(
      serviceOf(syncthing(site, { folder: NAS_FOLDERS.sync }), "syncthing").capabilities,
    ).toContain("KILL");
  });
});
