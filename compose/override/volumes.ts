import { normalize } from "node:path/posix";
import { BOOT_PERMIT } from "../../model/boot.ts";
import type { MountDeclaration, ServiceDeclaration } from "../../model/declaration.ts";
import { CONFIG_FOLDER } from "../../model/override-files.ts";
import type { ComposeMount } from "../schema/mounts.ts";
import type { About, Edit, Part, Refusal } from "./part.ts";

/** Where folders of data lie on a host; what is below may be shown to a container, read-only. */
const DATA_FOLDERS = ["/srv", "/mnt"];

/** Further folders and files of the host, read-only, where nothing is mounted yet. */
export const volumes: Part = (service, { volumes: given = [] }, about) => {
  const edits: Edit[] = [];
  const refusals: Refusal[] = [];
  const all: MountDeclaration[] = [...(service.mounts ?? [])];
  for (const [index, mount] of given.entries()) {
    const at = ["volumes", index];
    if (all.some((one) => isSame(one, mount))) continue;
    const message = wrongWith(mount, { ...service, mounts: all }, about);
    if (message !== undefined) {
      refusals.push({ at, message });
      continue;
    }
    const { source = "", target } = mount;
    edits.push({
      at,
      declared: `mounts[${all.length}]`,
      old: null,
      next: `${source}:${target}:ro`,
    });
    all.push({ kind: "bind", source, target, readOnly: true });
  }
  return { service: edits.length === 0 ? service : { ...service, mounts: all }, edits, refusals };
};

function isSame(declared: MountDeclaration, { kind, source, target, readOnly }: ComposeMount) {
  if (declared.kind !== "bind" || kind !== "bind") return false;
  const { source: from, target: to, readOnly: isReadOnly = false } = declared;
  return from === source && to === target && isReadOnly === readOnly;
}

function wrongWith(
  { kind, source = "", target, readOnly, beside }: ComposeMount,
  service: ServiceDeclaration,
  { host }: About,
): string | undefined {
  if (kind !== "bind") {
    return "is no path of the host; volumes are declared, because a job has to copy them";
  }
  if (!readOnly) return "has to be read-only (:ro); what it writes is declared, and copied";
  if (beside.length > 0) return `has options that are not known here: ${beside.join(", ")}`;
  const allowed = [`${CONFIG_FOLDER}/${service.name}`, ...DATA_FOLDERS];
  if (!isPlain(source) || !allowed.some((folder) => source.startsWith(`${folder}/`))) {
    return `has to be of a path below ${allowed.join(", ")}`;
  }
  const gate = host.gates.find((one) => one.kind === "mount" && isIn(source, one.path));
  if (gate && !(service.requires ?? []).some(({ on }) => on === `gate:${gate.name}`)) {
    return `lies behind the gate ${gate.name}, for which the service does not wait`;
  }
  const writer = host.services.find(({ mounts: all = [] }) =>
    all.some((one) => one.kind === "bind" && !one.readOnly && isBelow(source, one.source)),
  );
  // Who writes there could put a link in its place, which the engine would follow.
  if (writer) return `lies in a folder that ${writer.name} writes`;
  if (!isPlain(target)) return "has to have a whole path in the container";
  if (OF_THE_IMAGE.test(target)) return "would cover programs of the image";
  const { mounts = [], files = [] } = service;
  const taken = [BOOT_PERMIT, ...[...mounts, ...files].map((one) => one.target)];
  const covered = taken.find((one) => isIn(one, target) || isIn(target, one));
  return covered === undefined
    ? undefined
    : `would cover ${covered}, or a part of it, which is declared`;
}

/** Folders in which images have what they run, and the machine's own. */
const OF_THE_IMAGE = /^\/(bin|sbin|lib\w*|usr|etc|dev|proc|sys)(\/s?bin|\/lib\w*)?$/;

/** Whether a path is in the folder. */
function isBelow(path: string, folder: string): boolean {
  return path !== folder && isIn(path, folder);
}

/** Whether a path is the folder, or in it. */
function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/** Absolute, and without a step that leads elsewhere. */
function isPlain(path: string): boolean {
  // A colon would end it in what the engine is told.
  const isWhole = /^\/[^:\p{Cc}]*$/u.test(path) && normalize(path) === path;
  return isWhole && (path === "/" || !path.endsWith("/"));
}
