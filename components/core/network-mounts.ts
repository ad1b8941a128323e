import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { mountUnit } from "../../model/boot.ts";
import type { GateDeclaration } from "../../model/declaration.ts";
import { PROGRAMS } from "../../model/paths.ts";
import type { Site } from "../../model/site.ts";
import { writeHostFiles, writeToken, type HostFile } from "./host-files.ts";

/** A gate that is a network mount. */
export type MountGate = Extract<GateDeclaration, { kind: "mount" }>;

/** Arguments of createNetworkMounts. */
export interface NetworkMountsArgs {
  /** ssh alias of the host that mounts. */
  readonly alias: string;
  /** Folder that holds all the mount points, e.g. "/mnt/nas". */
  readonly ground: string;
  /** Folders that stand on the ground, empty, besides the mount points. @default none */
  readonly folders?: readonly string[];
  readonly mounts: readonly MountGate[];
  /** File system type and options. */
  readonly settings: Site["nasMounts"];
  readonly observedToken: string | undefined;
}

const GROUND_UNIT = "homelab-mount-ground.service";
const GROUND_PROGRAM = `${PROGRAMS}/lay-mount-ground`;
const UNITS = "/etc/systemd/system";

/**
 * Mounts the NAS's folders through systemd. Below them lies a read-only file system that holds
 * nothing but empty folders: while the NAS is away, a container that writes there gets an
 * error instead of filling the local disk with what nobody finds again.
 */
export function createNetworkMounts(
  name: string,
  args: NetworkMountsArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  const units = args.mounts.map((mount) => mountUnit(mount.path));
  const all = [GROUND_UNIT, ...units].join(" ");
  return writeHostFiles(
    name,
    {
      alias: args.alias,
      record: "network-mounts",
      files: mountFiles(args),
      token: writeToken(args.observedToken),
      // A mount that does not come up now is the gates' business, which say so by name.
      afterwards: `systemctl daemon-reload
systemctl --quiet enable ${all}
systemctl start ${GROUND_UNIT}
${GROUND_PROGRAM}
systemctl --no-block start ${units.join(" ")}`,
      removal: `systemctl disable --now ${all}; cd ${UNITS} && rm -f ${all}; systemctl daemon-reload`,
    },
    opts,
  );
}

/** The units and the program that lays the ground. */
export function mountFiles(args: Omit<NetworkMountsArgs, "alias" | "observedToken">): HostFile[] {
  const folders = [...args.mounts.map(({ path }) => path), ...(args.folders ?? [])].map((path) =>
    path.slice(args.ground.length + 1),
  );
  const text = (path: string, content: string, mode = "0644"): HostFile => ({
    path,
    content,
    owner: "0:0",
    mode,
  });
  const ground = text(
    `${UNITS}/${GROUND_UNIT}`,
    `[Unit]
Description=Read-only ground below the network mounts in ${args.ground}
Before=docker.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${GROUND_PROGRAM}

[Install]
WantedBy=multi-user.target
`,
  );
  const layer = text(
    GROUND_PROGRAM,
    `#!/bin/sh
# Lays a read-only file system with empty folders below the network mounts.
set -eu
ground=${args.ground}
if ! mountpoint -q $ground; then
  mkdir -p $ground
  mount -t tmpfs -o size=64k,mode=0755 homelab-ground $ground
fi
# Seen from below what is mounted on it by now.
view=$(mktemp -d)
mount --bind $ground "$view"
for folder in ${folders.join(" ")}; do
  [ -d "$view/$folder" ] && continue
  mount -o remount,rw $ground
  mount -o remount,bind,rw "$view"
  mkdir -p "$view/$folder"
done
umount "$view"
rmdir "$view"
mount -o remount,ro $ground
`,
    "0755",
  );
  const mounts = args.mounts.map((mount) =>
    text(
      `${UNITS}/${mountUnit(mount.path)}`,
      `[Unit]
Description=${mount.source}
Requires=${GROUND_UNIT}
After=${GROUND_UNIT} network-online.target
Wants=network-online.target

[Mount]
What=${mount.source}
Where=${mount.path}
Type=${args.settings.type}
Options=${args.settings.options}
TimeoutSec=20

[Install]
WantedBy=multi-user.target
`,
    ),
  );
  return [ground, layer, ...mounts];
}
