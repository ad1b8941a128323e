import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { writeHostFiles, writeToken, type HostFile } from "../core/host-files.ts";
import { EXPORT_MARKER } from "../../model/gate-script.ts";
import { nfsExportsFile, type NfsExport } from "./nfs-exports.plan.ts";

/** Arguments of createNfsExports. */
export interface NfsExportsArgs {
  /** ssh alias of the host that exports. */
  readonly alias: string;
  readonly exports: readonly NfsExport[];
  readonly observedToken: string | undefined;
}

const EXPORTS_FILE = "/etc/exports.d/homelab.exports";

/**
 * The folders that the NAS hands to the network. Each carries a marker with its own path, by which
 * the machine that mounts it knows that it got the right folder and not an empty place.
 *
 * A host without an NFS server (the sandbox's kernel has none) gets folders and markers alone.
 */
export function createNfsExports(
  name: string,
  args: NfsExportsArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return writeHostFiles(
    name,
    {
      alias: args.alias,
      record: "nfs-exports",
      files: exportFiles(args.exports),
      token: writeToken(args.observedToken),
      afterwards: "if command -v exportfs > /dev/null; then exportfs -ra; fi",
      removal: `rm -f ${EXPORTS_FILE}; if command -v exportfs > /dev/null; then exportfs -ra; fi`,
    },
    opts,
  );
}

/** The exports file and the marker of each folder. */
export function exportFiles(exports: readonly NfsExport[]): HostFile[] {
  const text = (path: string, content: string): HostFile => ({
    path,
    content,
    owner: "0:0",
    mode: "0644",
  });
  return [
    text(EXPORTS_FILE, nfsExportsFile(exports)),
    ...exports.map(({ path }) => text(`${path}/${EXPORT_MARKER}`, `${path}\n`)),
  ];
}
