import type { FileDeclaration } from "../../model/declared-files.ts";
import type { PortDeclaration, Requirement } from "../../model/declaration.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { CONTROL_PLANE_USER } from "./control-plane-folders.plan.ts";
import { NODE_22_IMAGE } from "./node.image.ts";

/** The parts that run in containers of their own. */
export const CONTROL_PLANE_PARTS = ["observer", "supervisor", "executor", "operator-ui"] as const;
/** One of them. */
export type ControlPlanePart = (typeof CONTROL_PLANE_PARTS)[number];

/** Container name of a part. */
export function containerOf(part: ControlPlanePart): string {
  return part === "operator-ui" ? CONTROL_PLANE_PAGE : `control-plane-${part}`;
}

/** Container name of the page. */
export const CONTROL_PLANE_PAGE = "control-plane-ui";

/** Network of the parts; a reverse proxy of a person's own may join it. */
export const NETWORK = "control-plane-net";

/** Little memory matters more than the last bit of speed: the VPS may have 1 GiB. */
const NODE = ["node", "--max-semi-space-size=1", "--max-old-space-size=48"];

/** The address in the mesh has to be there before a port is bound to it. */
export const LISTENS_IN_MESH: Requirement = {
  on: "gate:mesh",
  condition: "healthy",
  strength: "hard",
  why: "listens on the mesh address",
};

/** Name of the value that is a part's program; the stack hands it over. */
export function programValue(part: ControlPlanePart): string {
  return `${part}-program`;
}

/** Name of the value that says what a part's program was built from. */
export function buildValue(part: ControlPlanePart): string {
  return `${part}-build`;
}

/** What all parts have in common. */
export function part(site: Site, name: ControlPlanePart, files: readonly FileDeclaration[]) {
  const template = `{{value:${programValue(name)}}}`;
  return {
    name: containerOf(name),
    stack: "control-plane",
    category: "monitoring",
    image: NODE_22_IMAGE.reference,
    entrypoint: NODE,
    user: CONTROL_PLANE_USER,
    env: { TZ: site.timezone },
    networks: [{ name: NETWORK }],
    files: [{ target: programOf(name), content: { kind: "template", template } }, ...files],
    readOnlyRoot: true,
  } as const;
}

/** Where a part finds its program. */
export function programOf(name: ControlPlanePart): string {
  return `/homelab/${name}.mjs`;
}

/** Where it finds its settings. */
export function settingsFile(name: ControlPlanePart): string {
  return `/homelab/${name}.json`;
}

/** The file of its settings, with what it was built from. */
export function settingsOf(name: ControlPlanePart, settings: object): FileDeclaration {
  const told = { version: 1, build: `{{value:${buildValue(name)}}}`, ...settings };
  const template = `${JSON.stringify(told, null, 2)}\n`;
  return { target: settingsFile(name), content: { kind: "template", template } };
}

/** A port at the VPS's address in the mesh alone. */
export function inMesh(site: Site, port: number): PortDeclaration {
  return {
    bind: site.hosts[hostWith("coordinator")].mesh,
    host: port,
    container: port,
    protocol: "tcp",
  };
}

/** It comes after the Observer, and does without it where that is late. */
export function afterObserver(why: string): Requirement {
  return {
    on: containerOf("observer"),
    condition: "healthy",
    strength: "soft",
    declared: true,
    limit: "30s",
    why,
  };
}
