// `homelab mesh invite <device>`: a key, and what to type with it on the device.
import {
  deviceKeyScript,
  deviceTag,
  type DeviceKind,
} from "../../components/networking/mesh-devices.plan.ts";
import { headscaleAddress } from "../../components/networking/headscale-config.plan.ts";
import { showAuthority } from "../../components/edge/proxy.plan.ts";
import { PROXIES } from "../../household/proxies.ts";
import { UserError } from "../../model/errors.ts";
import { isHostName } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { secondsOf } from "../maintenance/time.ts";
import { print, printJson } from "../output.ts";
import { askHeadscale, COORDINATOR, members, siteWithHeadscale } from "./coordinator.ts";
import { invitationSchema } from "./answers.ts";

/** How it was called. */
export interface InviteOptions {
  readonly kind: DeviceKind;
  /** How long the key is good, e.g. "1h". */
  readonly goodFor: string;
  readonly json: boolean;
}

/** What a person takes to the device. */
export interface Invitation {
  readonly device: string;
  readonly kind: DeviceKind;
  /** Where the device logs in. */
  readonly server: string;
  readonly key: string;
  /** ISO 8601. */
  readonly goodUntil: string;
}

/** A name in the mesh's DNS. */
const DEVICE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** A key that nobody used by then was forgotten. */
const LONGEST_SECONDS = 7 * 24 * 3600;

/**
 * Makes a key for one device and prints it; it is kept nowhere, and good once.
 * @throws UserError HL-USAGE; HL-MESH-NAME when a member has the name
 */
export async function inviteDevice(device: string, options: InviteOptions): Promise<void> {
  const { kind, goodFor, json } = options;
  if (!DEVICE.test(device) || isHostName(device)) {
    throw new UserError(
      "HL-USAGE",
      `"${device}" is no name for a device: small letters, digits and "-", and none of our hosts'`,
    );
  }
  const seconds = secondsOf(goodFor);
  if (seconds > LONGEST_SECONDS) throw new UserError("HL-USAGE", "a key is good for 7d at most");
  const site = await siteWithHeadscale();
  const same = (await members()).find(({ name }) => name === device);
  if (same) {
    throw new UserError(
      "HL-MESH-NAME",
      `a device called ${device} is a member already, ${same.online ? "and online" : "though not online now"}. Take another name; or, when it is gone for good: ssh ${COORDINATOR} docker exec headscale headscale nodes list, then nodes delete --identifier <ID>`,
    );
  }
  const goodUntil = new Date(Date.now() + seconds * 1000).toISOString();
  const key = (await askHeadscale(deviceKeyScript(site, kind, Math.ceil(seconds / 60)))).trim();
  const invitation = { device, kind, server: headscaleAddress(site), key, goodUntil };
  if (json) printJson(invitationSchema, invitation);
  else print(invitationText(invitation, site));
}

/** What to do on the device. */
export function invitationText(
  { device, kind, server, key, goodUntil }: Invitation,
  site: Site,
): string {
  const steps =
    kind === "phone"
      ? `In Tailscale's app: the menu of accounts, "Use an alternate server", ${server}; then "Use an auth key":
  ${key}`
      : `On ${device}, with tailscale installed (on Windows and macOS without sudo):
  sudo tailscale up --login-server=${server} --hostname=${device} --auth-key=${key}`;
  const authority =
    site.certificates[COORDINATOR].issuer === "internal"
      ? `\nThe device has to trust this home's own authority first: ssh ${COORDINATOR} ${showAuthority(PROXIES.coordinator)}`
      : "";
  return `${steps}
The key is good once, until ${goodUntil}, and is kept nowhere. The device will be ${deviceTag(kind)}: ${MAY[kind]}.${authority}
Whether it came: npx homelab mesh list`;
}

const MAY: Readonly<Record<DeviceKind, string>> = {
  computer: "it may reach everything",
  phone: "it may reach the web, DNS and the apps at home, and the internet by way of the VPS",
};
