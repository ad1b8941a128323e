// `homelab mesh list`: who is in the mesh.
import { HOSTS } from "../../model/host-names.ts";
import type { MeshMember } from "../../components/networking/mesh-devices.plan.ts";
import { spanText } from "../../deploy/times.ts";
import { visible } from "../../control-plane/contract/visible.ts";
import { print, printJson } from "../output.ts";
import { table } from "../table.ts";
import { members, siteWithHeadscale } from "./coordinator.ts";
import { membersAnswerSchema } from "./answers.ts";

/** Prints the members. */
export async function listMembers(json: boolean): Promise<void> {
  await siteWithHeadscale();
  const found = (await members()).sort(byPlace);
  if (json) printJson(membersAnswerSchema, found);
  else print(membersText(found, Date.now()));
}

/** The members as a table. @param now milliseconds since 1970 */
export function membersText(found: readonly MeshMember[], now: number): string {
  const rows = found.map(({ name, address, tags, online, lastSeen }) => [
    visible(name),
    address ?? "",
    tags.join(" ") || "no tag: nothing is allowed",
    online ? "online" : seenText(lastSeen, now),
  ]);
  return table(["device", "address", "may do as", "seen"], rows);
}

function seenText(lastSeen: string | undefined, now: number): string {
  if (lastSeen === undefined) return "never";
  return `${spanText(Math.max(0, (now - Date.parse(lastSeen)) / 1000))} ago`;
}

/** Our hosts first, in their order, then the others by name. */
function byPlace(one: MeshMember, other: MeshMember): number {
  const [first, second] = [placeOf(one), placeOf(other)];
  return first - second || one.name.localeCompare(other.name);
}

function placeOf({ name }: MeshMember): number {
  const place = (HOSTS as readonly string[]).indexOf(name);
  return place === -1 ? HOSTS.length : place;
}
