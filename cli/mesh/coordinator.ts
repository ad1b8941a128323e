// Headscale, as the desk reaches it: its own command line, over ssh on its host.
import {
  MEMBERS_SCRIPT,
  parseMembers,
  type MeshMember,
} from "../../components/networking/mesh-devices.plan.ts";
import { lastLine } from "../../hosts/last-line.ts";
import { runOnHost } from "../../hosts/remote-shell.ts";
import { HostError, UserError } from "../../model/errors.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { openProject, siteOf } from "../../workspace/project.ts";

/** Host that Headscale runs on. */
export const COORDINATOR = hostWith("coordinator");
const SECONDS = 60;

/**
 * The site, whose mesh Headscale coordinates.
 * @throws UserError HL-MESH-TAILNET where Tailscale does, and as openProject
 */
export async function siteWithHeadscale(): Promise<Site> {
  const site = siteOf(await openProject(), COORDINATOR);
  if (site.mesh.coordinator === "headscale") return site;
  throw new UserError(
    "HL-MESH-TAILNET",
    "this mesh is a tailnet: Tailscale's admin console shows its members, and a device joins it with the app and your account (docs/tailnet.md)",
  );
}

/**
 * What a script prints on the coordinator's host.
 * @throws HostError HL-UNREACHABLE, HL-HOST-SLOW, HL-HEADSCALE
 */
export async function askHeadscale(script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runOnHost(COORDINATOR, script, SECONDS);
  if (exitCode === 0) return stdout;
  const why = lastLine(stderr) || `exit code ${exitCode}`;
  throw noAnswer(why);
}

/** All members of the mesh. @throws HostError as askHeadscale */
export async function members(): Promise<MeshMember[]> {
  const output = await askHeadscale(MEMBERS_SCRIPT);
  try {
    return parseMembers(output);
  } catch {
    throw noAnswer("its list of members is not in the form that is known of version 0.28");
  }
}

function noAnswer(why: string): HostError {
  return new HostError(
    "HL-HEADSCALE",
    COORDINATOR,
    `Headscale does not do it: ${why}. See: npx homelab why headscale`,
  );
}
