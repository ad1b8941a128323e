// Devices in Headscale's mesh that are no hosts of ours: a person's computers and phones.
import * as z from "zod";
import { quote } from "../../model/shell-text.ts";
import type { Site } from "../../model/site.ts";
import { ownerOfKeys } from "./mesh-enrolment.plan.ts";
import { MESH_TAGS } from "./mesh-policy.plan.ts";

/** What a device may reach: everything, or what phones may. */
export type DeviceKind = "computer" | "phone";

/** The tag of such a device. */
export function deviceTag(kind: DeviceKind): string {
  return kind === "phone" ? MESH_TAGS.mobile : MESH_TAGS.admin;
}

/** Prints, on the VPS, all members as JSON. It changes nothing. */
export const MEMBERS_SCRIPT = "docker exec headscale headscale nodes list --output json\n";

/** Prints, on the VPS, a key that is good once and for so many minutes. */
export function deviceKeyScript(site: Site, kind: DeviceKind, minutes: number): string {
  return `set -eu
${ownerOfKeys(site)}
headscale preauthkeys create --user "$owner" --tags ${quote(deviceTag(kind))} --expiration ${minutes}m
`;
}

/** A moment as Headscale prints it; without seconds it never came. */
const moment = z.object({ seconds: z.number().optional() }).nullish();

/** What is read of `headscale nodes list --output json` of version 0.28; nothing is null there. */
const membersSchema = z.preprocess(
  (value) => value ?? [],
  z.array(
    z.object({
      name: z.string().default(""),
      /** The name in the mesh's DNS, where two devices call themselves alike. */
      given_name: z.string().optional(),
      ip_addresses: z.array(z.string()).default([]),
      online: z.boolean().default(false),
      tags: z.array(z.string()).nullish(),
      last_seen: moment,
    }),
  ),
);

/** A member of the mesh. */
export interface MeshMember {
  readonly name: string;
  /** Its IPv4 address; undefined where it has none. */
  readonly address: string | undefined;
  readonly tags: readonly string[];
  readonly online: boolean;
  /** ISO 8601; undefined when it never came. */
  readonly lastSeen: string | undefined;
}

/**
 * Reads what MEMBERS_SCRIPT printed.
 * @throws ZodError or SyntaxError when it is no such list
 */
export function parseMembers(output: string): MeshMember[] {
  return membersSchema.parse(JSON.parse(output)).map((node) => ({
    name: node.given_name ?? node.name,
    address: node.ip_addresses.find((each) => each.includes(".")),
    tags: node.tags ?? [],
    online: node.online,
    lastSeen: node.last_seen?.seconds
      ? new Date(node.last_seen.seconds * 1000).toISOString()
      : undefined,
  }));
}
