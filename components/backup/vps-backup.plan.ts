import type { AppService, Requirement, VolumeDeclaration } from "../../model/declaration.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { copiedVolumes } from "./copied-volumes.plan.ts";
import { RESTIC_ACCOUNTS, resticSidecar, resticState, VPS_SECRETS } from "./restic-sidecar.plan.ts";
import { RESTIC_PORT } from "./restic-rest.plan.ts";
import { RESTIC_0_16_IMAGE } from "./restic.image.ts";
import { app } from "../../model/app.ts";

/** The VPS's one backup container. */
export interface VpsSidecarArgs {
  readonly name: string;
  readonly stack: string;
  /** Network of the VPS that leads outside. */
  readonly network: string;
  /** Volumes of the VPS: those that say how are copied. */
  readonly volumes: readonly VolumeDeclaration[];
  /** What must be there before it starts. @default nothing */
  readonly requires?: readonly Requirement[];
}

/** Copies what the VPS keeps to the NAS each night, over the mesh. */
export function vpsSidecar(site: Site, args: VpsSidecarArgs): AppService {
  return resticSidecar(site, {
    name: args.name,
    stack: args.stack,
    networks: [args.network],
    repository: hostWith("coordinator"),
    schedule: "15 1 * * *",
    ...copiedVolumes(args.volumes),
    account: RESTIC_ACCOUNTS.vps,
    // Not from the nas stack, which is deployed after this one.
    address: `${site.hosts[hostWith("storage")].mesh}:${RESTIC_PORT}`,
    afterServer: false,
    ...(args.requires && { requires: args.requires }),
    watchUpdates: false,
  });
}

const NAME = `${hostWith("coordinator")}-backup` as const;

/** The copies of a VPS that runs no Headscale; where it does, they are part of Headscale's app. */
export function vpsBackup(site: Site, args: Pick<VpsSidecarArgs, "volumes">) {
  const sidecar = vpsSidecar(site, {
    name: NAME,
    stack: "backup",
    network: "backup-net",
    volumes: args.volumes,
  });
  return app({
    type: "homelab:backup:VpsBackup",
    exposes: {
      /** Healthy while its scheduler lives and the last run that was due succeeded. */
      job: NAME,
    },
    images: [RESTIC_0_16_IMAGE],
    networks: [{ name: "backup-net" }],
    services: [sidecar],
    secrets: VPS_SECRETS,
    volumes: [resticState(NAME)],
  });
}
