import { app } from "../../model/app.ts";
import type { AlsoDone, CopyJob } from "../../model/copy-job.ts";
import type { Requirement, VolumeDeclaration } from "../../model/declaration.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { copiedVolumes } from "./copied-volumes.plan.ts";

/** The VPS's one backup container. */
export interface VpsJobArgs {
  readonly name: string;
  readonly stack: string;
  /** Network of the VPS that leads outside. */
  readonly network: string;
  /** Volumes of the VPS: those that say how are copied. */
  readonly volumes: readonly VolumeDeclaration[];
  /** What must be there before it starts. @default nothing */
  readonly requires?: readonly Requirement[];
  /** What its container does besides. @default nothing */
  readonly also?: AlsoDone;
}

/** Copies what the VPS keeps to the NAS each night, over the mesh. */
export function vpsJob({ network, volumes, ...args }: VpsJobArgs): CopyJob {
  return {
    ...args,
    networks: [network],
    repository: hostWith("coordinator"),
    schedule: "15 1 * * *",
    ...copiedVolumes(volumes),
    watchUpdates: false,
  };
}

const NAME = `${hostWith("coordinator")}-backup` as const;

/** The copies of a VPS that runs no Headscale; where it does, they are part of Headscale's app. */
export function vpsBackup(_site: Site, args: Pick<VpsJobArgs, "volumes">) {
  return app({
    type: "homelab:backup:VpsBackup",
    exposes: {
      /** Healthy while its scheduler lives and the last run that was due succeeded. */
      job: NAME,
    },
    images: [],
    networks: [{ name: "backup-net" }],
    services: [],
    jobs: [vpsJob({ name: NAME, stack: "backup", network: "backup-net", volumes: args.volumes })],
    volumes: [],
  });
}
