import { describe, expect, it } from "vitest";
import { sharedFolder } from "../../../components/core/shared-folder.plan.ts";
import { immich } from "../../../components/photos/immich.plan.ts";
import { NAS_FOLDERS } from "../../../household/folders.ts";
import { serviceOf } from "../../support/plan.ts";
import { proxy } from "../../support/proxy.ts";
import { site } from "../../support/site.ts";
import { withCopies } from "../../support/with-copies.ts";

const plan = withCopies(immich(site, { proxy, photos: sharedFolder(NAS_FOLDERS.photos) }));
const versionOf = (name: string) => serviceOf(plan, name).image.split(":")[1];

describe("Immich", () => {
  it("has server and machine learning of one version", () => {
    expect(versionOf("immich-server")).toBe(versionOf("immich-ml"));
  });

  it("never starts without the NAS's photos, which it only reads", () => {
    const server = serviceOf(plan, "immich-server");
    expect(server.requires).toContainEqual(
      expect.objectContaining({ on: "gate:nas-photos", strength: "hard" }),
    );
    expect(server.mounts).toContainEqual({
      kind: "bind",
      source: "/mnt/nas/photos",
      target: "/mnt/external",
      readOnly: true,
    });
  });

  it("leaves no volume without a name behind where the server's image declares one", () => {
    expect(serviceOf(plan, "immich-server").mounts).toContainEqual({
      kind: "tmpfs",
      target: "/data",
      size: "1MiB",
    });
  });

  it("runs the database image's own entry point behind the waiting loop", () => {
    expect(serviceOf(plan, "immich-db").command?.[0]).toBe("immich-docker-entrypoint.sh");
  });

  it("copies the database and the originals, and leaves out what is made from them", () => {
    const { protects, excludes } = serviceOf(plan, "immich-backup").backup ?? {};
    expect(protects).toEqual(["immich-upload", "immich-db-data"]);
    expect(excludes).toEqual(["/data/upload/thumbs/*/*", "/data/upload/encoded-video/*/*"]);
  });

  it("gives a backup job no database password", () => {
    const files = serviceOf(plan, "immich-backup").files ?? [];
    expect(JSON.stringify(files)).not.toContain("immich-db-password");
  });

  it("has a database with memory for the shared buffers its image asks for, and for a full sync", () => {
    const { limits, sharedMemory } = serviceOf(plan, "immich-db");
    expect(limits.memory).toBe("2GiB");
    expect(sharedMemory).toBe("128MiB");
  });

  it("has memory for the models it loads and the jobs of a new library", () => {
    expect(serviceOf(plan, "immich-ml").limits.memory).toBe("4GiB");
    expect(serviceOf(plan, "immich-valkey").limits.memory).toBe("512MiB");
  });
});
