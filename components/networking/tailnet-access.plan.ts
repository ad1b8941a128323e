import type { AccessKey } from "../../model/declared-access.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";

/** What opens Tailscale's interface alone. */
const KEY: AccessKey = { key: "tailscale:apiKey", secret: true };
/** A client, and its secret, that open it together. */
const CLIENT: readonly AccessKey[] = [
  { key: "tailscale:oauthClientId", secret: false },
  { key: "tailscale:oauthClientSecret", secret: true },
];

/**
 * The part of a host's declaration that says what lets its stack into Tailscale's interface: config
 * of the tailscale provider, and no variable of the environment. Empty where Headscale coordinates.
 */
export function tailnetAccess({ mesh }: Site): Pick<HostDeclaration, "access"> {
  if (mesh.coordinator !== "tailscale") return {};
  const purpose = `makes a key in the tailnet "${mesh.tailnet}" for its host`;
  return { access: { purpose, ways: [[KEY], CLIENT] } };
}
