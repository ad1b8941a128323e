import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { mountUnit } from "../../model/boot.ts";
import type { GateDeclaration } from "../../model/declared-machine.ts";
import { lookScriptPath, PROGRAMS, UNITS } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import type { Site } from "../../model/site.ts";
import { rootFile, writeHostFiles, writeToken, type HostFile } from "./host-files.ts";
import { applyMounts, planRemount, type MountUnit } from "./remount.ts";
import { takeUnits, unitLook } from "./unit-look.ts";

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
const RECORD = "network-mounts";

/**
 * Mounts the NAS's folders through systemd. Below them lies a read-only file system that holds
 * nothing but empty folders: while the NAS is away, a container that writes there gets an
 * error instead of filling the local disk with what nobody finds again. Changed settings are applied
 * at once, with who runs above them stopped meanwhile (remount.ts).
 */
export function createNetworkMounts(
  name: string,
  args: NetworkMountsArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  const mounts = mountUnits(args);
  const units = mounts.map(({ unit }) => quote(unit)).join(" ");
  const all = `${GROUND_UNIT} ${units}`;
  return writeHostFiles(
    name,
    {
      alias: args.alias,
      record: RECORD,
      files: mountFiles(args),
      token: writeToken(args.observedToken),
      beforehand: planRemount(mounts),
      // A mount that does not come up now is the gates' business, which say so by name.
      afterwards: `${takeUnits(unitNames(args))}
${applyMounts(mounts, GROUND_UNIT)}systemctl start ${GROUND_UNIT}
${GROUND_PROGRAM}
systemctl --no-block start ${units}`,
      removal: `systemctl disable --now ${all}; cd ${UNITS} && rm -f ${all} ${lookScriptPath(RECORD)}; systemctl daemon-reload`,
    },
    opts,
  );
}

function unitNames({ mounts }: Pick<NetworkMountsArgs, "mounts">): string[] {
  return [GROUND_UNIT, ...mounts.map(({ path }) => mountUnit(path))];
}

function mountUnits({
  mounts,
  settings,
}: Pick<NetworkMountsArgs, "mounts" | "settings">): MountUnit[] {
  return mounts.map(({ path, source }) => ({
    unit: mountUnit(path),
    path,
    source,
    type: settings.type,
    options: settings.options,
    text: `[Unit]
Description=${source}
Requires=${GROUND_UNIT}
After=${GROUND_UNIT} network-online.target
Wants=network-online.target

[Mount]
What=${source}
Where=${path}
Type=${settings.type}
Options=${settings.options}
TimeoutSec=20

[Install]
WantedBy=multi-user.target
`,
  }));
}

/** The units, the program that lays the ground, and the look that observations take. */
export function mountFiles(args: Omit<NetworkMountsArgs, "alias" | "observedToken">): HostFile[] {
  const folders = [...args.mounts.map(({ path }) => path), ...(args.folders ?? [])].map((path) =>
    path.slice(args.ground.length + 1),
  );
  const ground = rootFile(
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
  const layer = rootFile(
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
  const mounts = mountUnits(args).map((mount) => rootFile(`${UNITS}/${mount.unit}`, mount.text));
  return [ground, layer, ...mounts, unitLook(RECORD, unitNames(args))];
}
