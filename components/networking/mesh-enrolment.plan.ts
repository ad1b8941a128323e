import { hasRole, hostWith, type HostName } from "../../model/host-names.ts";
import { isMember, MESH_FACTS } from "../../model/mesh-script.ts";
import { meshRecord } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import type { Site } from "../../model/site.ts";
import { showAuthority, type ReverseProxy } from "../edge/proxy.plan.ts";
import { HEADSCALE_OWN_PORT, headscaleAddress } from "./headscale-config.plan.ts";
import { meshTag } from "./mesh-policy.plan.ts";
import { TAILSCALE_FORMER_SERVER, TAILSCALE_SERVER } from "./tailnet.plan.ts";

/** How one host becomes a member of the mesh. */
export interface MeshEnrolment {
  readonly host: HostName;
  /** Where it logs in. */
  readonly server: string;
  /** Another address of the same coordinator; a host that is logged in there is left as it is. */
  readonly alias?: string;
  /** Address it must get, as the site settings say. */
  readonly address: string;
  /** Options of `tailscale up` beside key and server. */
  readonly options: readonly string[];
}

/** How a host joins the mesh that the site has. */
export function meshEnrolment(site: Site, host: HostName): MeshEnrolment {
  return site.mesh.coordinator === "tailscale"
    ? tailscaleEnrolment(site, host)
    : headscaleEnrolment(site, host);
}

/** How a host joins Headscale. */
export function headscaleEnrolment(site: Site, host: HostName): MeshEnrolment {
  const server = headscaleAddress(site);
  const membership = membershipOf(site, host);
  return hasRole(host, "coordinator")
    ? { ...membership, server: `http://127.0.0.1:${HEADSCALE_OWN_PORT}`, alias: server }
    : { ...membership, server };
}

/** How a host joins a tailnet. */
export function tailscaleEnrolment(site: Site, host: HostName): MeshEnrolment {
  return {
    ...membershipOf(site, host),
    server: TAILSCALE_SERVER,
    alias: TAILSCALE_FORMER_SERVER,
  };
}

/** What a host is in the mesh, whoever coordinates it. */
function membershipOf(site: Site, host: HostName): Omit<MeshEnrolment, "server" | "alias"> {
  return {
    host,
    address: site.hosts[host].mesh,
    options: [
      // The host's own names come from its own resolver, or the VPS would ask itself in a circle.
      "--accept-dns=false",
      `--hostname=${host}`,
      ...(hasRole(host, "coordinator") ? ["--advertise-exit-node"] : []),
    ],
  };
}

/**
 * Looks, on the host, whether it is a member: prints "member" or "stranger". Fails where it can
 * never become one: without tailscale, or as a member of another mesh, which may be the very line
 * that this deployment uses.
 */
export function lookScript(enrolment: MeshEnrolment): string {
  const { host, server, alias } = enrolment;
  const known = [server, ...(alias === undefined ? [] : [alias])];
  return `set -u
${MESH_FACTS}
fail() { echo "$1" >&2; exit 1; }
command -v tailscale > /dev/null && command -v tailscaled > /dev/null ||
  fail ${quote(`${host} has no tailscale, which makes it a member of the mesh. Install the package there (apt-get install --yes tailscale, from its maker's package source), then deploy again`)}
systemctl is-active --quiet tailscaled || systemctl enable --quiet --now tailscaled ||
  fail ${quote(`tailscaled does not start on ${host}; see: ssh ${host} journalctl --unit tailscaled`)}
state=$(mesh_state)
server=$(mesh_server)
case "$state $server" in
  "NeedsLogin "*) echo stranger; exit ;;
${known.map((one) => `  *" "${quote(one)}) ;;`).join("\n")}
  *" "?*) fail "${host} is a member of another mesh, that of $server, and stays it. To let it join: ssh ${host} tailscale logout, then deploy again" ;;
esac
if ${isMember("$state")}; then echo member; else echo stranger; fi
`;
}

/** Sets, on the VPS, `owner` to the id of the user whose keys all are; makes the user if need be. */
export function ownerOfKeys({ adminUser }: Pick<Site, "adminUser">): string {
  return `headscale() { docker exec headscale headscale "$@"; }
ids() { awk '/^\\t\\t"id": / { print $2 + 0 }'; }
owner=$(headscale users list --name ${quote(adminUser)} --output json | ids)
if [ -z "$owner" ]; then
  headscale users create ${quote(adminUser)} > /dev/null
  owner=$(headscale users list --name ${quote(adminUser)} --output json | ids)
fi`;
}

/**
 * Makes, on the VPS, what the host needs to join: a key on the first line, good once and for
 * minutes, and after it the authority that signs Headscale's certificate where only the proxy knows
 * it.
 * The key's owner is made too if need be.
 * @param proxy of the VPS, through which Headscale is reached
 */
export function inviteScript(site: Site, host: HostName, proxy: ReverseProxy): string {
  const tag = meshTag(host);
  const { issuer } = site.certificates[hostWith("coordinator")];
  const asksForAuthority = !hasRole(host, "coordinator") && issuer === "internal";
  return `set -eu
${ownerOfKeys(site)}
# Headscale 0.28 leaves a tagged node that logged out expired, also when it joins again.
headscale nodes list --output json | awk -v host=${quote(host)} -v tag=${quote(tag)} -v now="$(date +%s)" '
  /^\\t\\t"id": / { id = $2 + 0; named = expired = 0 }
  $0 == "\\t\\t\\"name\\": \\"" host "\\"," { named = 1 }
  /^\\t\\t"expiry": / { inside = 1 }
  inside && /"seconds": / { expired = ($2 + 0 > 0 && $2 + 0 <= now); inside = 0 }
  index($0, "\\t\\t\\t\\"" tag "\\"") == 1 && named && expired { print id }
' | while read -r id; do
  headscale nodes expire --identifier "$id" --expiry 0001-01-01T00:00:00Z < /dev/null > /dev/null
done
headscale preauthkeys create --user "$owner" --tags ${quote(tag)} --expiration 5m
${asksForAuthority ? showAuthority(proxy) : ""}
`;
}

/** Where a host keeps it, for update-ca-certificates. */
const TRUSTED = `/usr/local/share/ca-certificates/homelab-${hostWith("coordinator")}.crt`;

/** Makes the host trust the authority in a file; tailscaled reads what it trusts once. */
function trust(file: string): string {
  return `if [ -s ${file} ] && ! cmp -s ${file} ${TRUSTED}; then
  install -D -m 0644 ${file} ${TRUSTED}
  update-ca-certificates > /dev/null 2>&1
  systemctl restart tailscaled
fi`;
}

/**
 * Makes the VPS itself trust the authority in its own proxy, on the VPS. It joins before there is a
 * proxy, and needs it for the relays, which lie behind the proxy.
 */
export function trustScript(proxy: ReverseProxy): string {
  return `set -eu
file=$(mktemp)
trap 'rm -f "$file"' EXIT
${showAuthority(proxy)} > "$file"
${trust('"$file"')}
`;
}

/**
 * Exit code of a host that could not join since its key had been used. Headscale crosses a key out
 * before it answers, and the node asks once more when no answer came.
 */
export const KEY_USED_UP = 75;

/**
 * Joins, on the host. Expects `invitation` to be set to the base64 text of what inviteScript
 * printed, or of a key alone. The key lies in a file in memory while tailscale reads it.
 */
export function joinScript(enrolment: MeshEnrolment): string {
  const { host, server, options } = enrolment;
  return `set -eu
umask 077
folder=$(mktemp -d /run/homelab-mesh.XXXXXX)
trap 'rm -rf "$folder"' EXIT
printf '%s\\n' "$invitation" | base64 -d > "$folder/invitation"
head -n 1 "$folder/invitation" > "$folder/key"
sed 1d "$folder/invitation" | grep . > "$folder/authority" || :
${trust('"$folder/authority"')}
tailscale up --reset --login-server=${quote(server)} --auth-key="file:$folder/key" \\
  ${options.map(quote).join(" ")} --timeout=60s < /dev/null > "$folder/said" 2>&1 || {
  echo ${quote(`${host} could not join the mesh at ${server}:`)} "$(tail -n 2 "$folder/said")" >&2
  ! grep -q "authkey already used" "$folder/said" || exit ${KEY_USED_UP}
  exit 1
}
`;
}

/** Waits, on the host, for its address, and remembers the enrolment; observed by the next run. */
export function confirmScript(enrolment: MeshEnrolment, token: string): string {
  const { host, address } = enrolment;
  const record = quote(meshRecord());
  return `set -u
${MESH_FACTS}
tries=0
until has=$(tailscale ip -4 2>/dev/null); do
  tries=$((tries + 1))
  if [ "$tries" -ge 20 ]; then
    echo "${host} is a member of the mesh and got no address: $(mesh_state) $(mesh_complaint)" >&2
    exit 1
  fi
  sleep 0.5
done
if [ "$has" != ${address} ]; then
  echo "${host} has the address $has in the mesh, and the site settings say ${address}. Write $has as homelab:site.hosts.${host}.mesh in Pulumi.yaml, then deploy again" >&2
  exit 1
fi
mkdir -p "$(dirname ${record})"
echo ${quote(token)} "$(mesh_server)" > ${record}
`;
}
