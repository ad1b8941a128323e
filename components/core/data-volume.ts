import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { VolumeDeclaration } from "../../model/declaration.ts";

/**
 * A named volume. It stays on the host when its declaration goes, and is adopted again with its
 * content when the declaration comes back, so that going back to an older commit never costs
 * data. It is retained and not protected: a protected one could not be left behind by a commit
 * that does not know it.
 */
export function createDataVolume(
  volume: VolumeDeclaration,
  opts: pulumi.CustomResourceOptions,
): docker.Volume {
  return new docker.Volume(
    `${volume.name}-volume`,
    { name: volume.name },
    pulumi.mergeOptions(opts, {
      retainOnDelete: true,
      ignoreChanges: ["labels", "driverOpts", "driver"],
    }),
  );
}
