import { hostWith, titleOf } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { needsFolder, type NasFolder } from "../core/nas-folders.plan.ts";
import { SAMBA_4_23_IMAGE } from "./samba.image.ts";
import { app } from "../../model/app.ts";
import { generated, type Secrets } from "../../model/secrets.ts";

/** What Samba shares. */
export interface SambaArgs {
  /**
   * Folders of the NAS, each a share of its name; at least one. Never the copies: whoever got hold
   * of one computer could delete every one.
   */
  readonly shares: readonly [NasFolder, ...NasFolder[]];
}

/** The secrets that are there because of it. */
const SECRETS: Secrets = {
  "samba-password": generated("the file shares' user"),
};

/** Samba: the NAS's folders for computers in the home network. */
export function samba(site: Site, { shares }: SambaArgs) {
  return app({
    type: "homelab:storage:Samba",
    exposes: {
      /** The server; healthy once it lists its shares. */
      server: "samba",
    },
    images: [SAMBA_4_23_IMAGE],
    networks: [{ name: "storage-net" }],
    services: [
      {
        name: "samba",
        stack: "storage",
        image: SAMBA_4_23_IMAGE.reference,
        env: { TZ: site.timezone, USER: site.adminUser, UID: "1000", GID: "1000" },
        networks: [{ name: "storage-net" }],
        ports: [{ bind: "0.0.0.0", host: 445, container: 445, protocol: "tcp" }],
        mounts: [
          ...shares.map(({ name, path, notCopied }) => ({
            kind: "bind" as const,
            source: path,
            target: `/${name}`,
            ...(notCopied === undefined ? {} : { notCopied }),
          })),
          // The image declares it a volume and nothing is kept there; unmounted, each new
          // container would leave a volume without a name behind.
          { kind: "tmpfs", target: "/storage", size: "1MiB" },
        ],
        files: [
          {
            target: "/etc/samba/smb.conf",
            content: { kind: "text", text: sambaConfig(site, shares) },
          },
          // The image prefers this file to the variable PASS (samba.sh of dockur/samba).
          {
            target: "/run/secrets/pass",
            content: { kind: "secret", secret: "samba-password" },
            owner: "0:0",
          },
        ],
        // Lists the shares without a login, so no password is needed for the check.
        health: {
          test: ["CMD-SHELL", `smbclient -L localhost -U % -N 2>&1 | grep -q ${shares[0].name}`],
          interval: "60s",
        },
        limits: { memory: "512MiB", cpus: 1 },
        capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "NET_BIND_SERVICE", "SETGID", "SETUID"],
        requires: shares.map(needsFolder),
        category: "storage",
        critical: true,
        probes: [
          {
            name: `${titleOf(hostWith("storage"))} Samba`,
            kind: "tcp",
            target: "{mesh}:445",
            interval: "300s",
            tier: "warning",
          },
        ],
      },
    ],
    secrets: SECRETS,
    volumes: [],
  });
}

/** Samba's configuration: shares for one person, none for guests. */
export function sambaConfig(site: Site, shares: readonly NasFolder[]): string {
  const share = ({ name }: NasFolder) => `
[${name}]
  path = /${name}
  browseable = yes
  writable = yes
  guest ok = no
  valid users = ${site.adminUser}
  force user = ${site.adminUser}
  create mask = 0664
  directory mask = 0775
`;
  return `[global]
  server string = ${hostWith("storage")}
  security = user
  server min protocol = SMB2
  map to guest = never
  load printers = no
  disable spoolss = yes
${shares.map(share).join("")}`;
}
