import type { FolderDeclaration, MountDeclaration } from "../../model/declaration.ts";

/** User of all parts, which the image calls "node". */
export const CONTROL_PLANE_USER = "1000:1000";

/** Folder of the runtime state, in the containers. */
export const CONTROL_PLANE_ROOT = "/opt/homelab";

const ofParts = (path: string): FolderDeclaration => ({
  path,
  owner: CONTROL_PLANE_USER,
  mode: "0750",
});

/**
 * Folders of the VPS by what the parts call them below their root. The host's own state is root's,
 * so theirs is a folder in it: who may write a folder may also replace what others keep there.
 */
const FOLDERS = {
  events: ofParts("/opt/homelab/events"),
  world: ofParts("/opt/homelab/world"),
  state: ofParts("/opt/homelab/state/control-plane"),
  queue: ofParts("/opt/homelab/queue"),
  decisions: ofParts("/opt/homelab/decisions"),
  claims: ofParts("/opt/homelab/claims"),
  outbox: ofParts("/opt/homelab/outbox"),
  "audit/observer": ofParts("/opt/homelab/audit/observer"),
  "audit/supervisor": ofParts("/opt/homelab/audit/supervisor"),
  "audit/executor": ofParts("/opt/homelab/audit/executor"),
} as const;

/** One of the folders. */
export type ControlPlaneFolder = keyof typeof FOLDERS;

/**
 * Those that are made, each after those that it lies in.
 * @param hasOutbox whether somebody is told
 */
export function controlPlaneFolders(hasOutbox: boolean): readonly FolderDeclaration[] {
  return [
    ...["/opt/homelab/state", "/opt/homelab/audit"].map((path) => ({
      path,
      owner: "0:0",
      mode: "0755",
    })),
    ...Object.values(FOLDERS).filter((folder) => hasOutbox || folder !== FOLDERS.outbox),
  ];
}

/** Why each may be lost; all of it is the VPS's own view. */
const NOT_COPIED: Readonly<Record<ControlPlaneFolder, string>> = {
  events: "what hosts said in the last days; they say how they are anew",
  world: "made of the events at each start",
  state: "made of the events, and of what hosts say next",
  queue: "what was recommended; what is still wrong is recommended anew",
  decisions: "what a person said of an action, which is signed and good for a day at most",
  claims: "which actions were handed out; they go with the queue",
  outbox: "what is to be told; what is still not well is told anew",
  "audit/observer": "who was turned away at the VPS's own door",
  "audit/supervisor": "what was recommended and when",
  "audit/executor": "what was handed out and what came of it; the host notes that too",
};

/** A folder that a part writes. */
export function writes(folder: ControlPlaneFolder): MountDeclaration {
  return {
    kind: "bind",
    source: FOLDERS[folder].path,
    target: `${CONTROL_PLANE_ROOT}/${folder}`,
    notCopied: NOT_COPIED[folder],
  };
}

/** A folder that a part reads. */
export function reads(folder: ControlPlaneFolder): MountDeclaration {
  return {
    kind: "bind",
    source: FOLDERS[folder].path,
    target: `${CONTROL_PLANE_ROOT}/${folder}`,
    readOnly: true,
  };
}
