import { stringify } from "yaml";
import type { Site } from "../../model/site.ts";
import type { MeshRecord } from "../edge/mesh-records.plan.ts";

/** Fixed address of Unbound in adguard-net: AdGuard asks it by address, names need a resolver. */
export const UNBOUND_ADDRESS = "172.20.0.10";
/** Port Unbound answers on. */
export const UNBOUND_PORT = 5335;
/** Port of AdGuard's web page in the container. */
export const ADGUARD_WEB_PORT = 3000;

/** Where the files of AdGuard are in its container. */
export const ADGUARD_FILES = {
  start: "/homelab/start.sh",
  base: "/homelab/AdGuardHome.yaml",
  rewrites: "/homelab/rewrites.yaml",
  login: "/run/secrets/adguard-login",
} as const;

const PROGRAM = "/opt/adguardhome/AdGuardHome";
const CONFIG = "/opt/adguardhome/conf/AdGuardHome.yaml";
/** Beside it: the name of the user that this program made there. */
const ADMIN_RECORD = "/opt/adguardhome/conf/declared-admin";

/** The program and its arguments, as the image itself calls it. */
export const ADGUARD_COMMAND = [
  PROGRAM,
  "--no-check-update",
  "-c",
  CONFIG,
  "-w",
  "/opt/adguardhome/work",
] as const;

/** Stands for the password's hash until the first start. */
const HASH = "set-at-start";
/** Older than the pinned version writes: AdGuard brings it up to its own form by itself. */
const SCHEMA_VERSION = 29;

/** AdGuard's settings before anybody changed one in its web page. */
export function adguardBase(site: Site): string {
  const [bootstrap] = site.dnsUpstreams;
  return stringify({
    http: { address: `0.0.0.0:${ADGUARD_WEB_PORT}`, session_ttl: "720h" },
    users: [{ name: site.adminUser, password: HASH }],
    auth_attempts: 5,
    block_auth_min: 15,
    dns: {
      bind_hosts: ["0.0.0.0"],
      port: 53,
      upstream_dns: [`${UNBOUND_ADDRESS}:${UNBOUND_PORT}`],
      bootstrap_dns: bootstrap ? [bootstrap] : [],
      // Unbound keeps the answers and checks their signatures.
      cache_size: 0,
      enable_dnssec: false,
      ratelimit: 0,
      refuse_any: true,
    },
    filtering: { rewrites: [], protection_enabled: true, filtering_enabled: true },
    schema_version: SCHEMA_VERSION,
  });
}

/** The `rewrites` of AdGuard's file, indented as they stand there; empty without names. */
export function adguardRewrites(records: readonly MeshRecord[]): string {
  if (records.length === 0) return "";
  const entries = records.map(
    ({ name, value }) => `    - domain: ${name}\n      answer: ${value}\n      enabled: true\n`,
  );
  return `  rewrites:\n${entries.join("")}`;
}

/**
 * First program of the container. AdGuard keeps its settings in one file, which it writes anew
 * at every start, at every change in its web page, and when a new version has another form of it.
 * So the file is made once, in its volume; later starts put in only what is declared elsewhere
 * (the names below the domain, the admin's name and password) and leave what was set in the web
 * page. An admin of another name takes the place of the one that the last start put in; other users
 * are a person's.
 */
export function adguardStartScript(site: Site): string {
  const { base, rewrites, login } = ADGUARD_FILES;
  return `#!/bin/sh
set -eu
config=${CONFIG}
umask 077
[ -s "$config" ] || cp ${base} "$config"
admin=$(cut -d: -f1 ${login})
hash=$(cut -d: -f2 ${login})
former=$(cat ${ADMIN_RECORD} 2>/dev/null || echo "$admin")
ADMIN="$admin" HASH="$hash" FORMER="$former" awk -v rewrites=${rewrites} -v domain=${site.domain} '
  BEGIN { admin = ENVIRON["ADMIN"]; former = ENVIRON["FORMER"] }
  function value() { text = $NF; gsub(/["\\047]/, "", text); return text }
  # Read twice: the first time, who is there.
  NR == FNR {
    if (/^[^ #-]/) section = $1
    if (section == "users:" && /^ *(- )?name:/) there[value()] = 1
    next
  }
  # The names of ours are those below the domain; every other stays.
  function ours(name) { return name == domain || substr(name, length(name) - length(domain)) == "." domain }
  function names(  line, some) {
    while ((getline line < rewrites) > 0) { print line; some = 1 }
    if (!some && theirs == "") print "  rewrites: []"
    else { if (!some) print "  rewrites:"; printf "%s", theirs }
    skip = 0
  }
  skip && !/^    / && !/^  - / { names() }
  skip {
    if ($1 == "-") theirsNow = !ours(value())
    if (theirsNow) theirs = theirs $0 "\\n"
    next
  }
  /^[^ #-]/ { section = $1 }
  $1 == "users:" && section == $1 && !(admin in there) && !(former in there) {
    print "users:\\n  - name: " admin "\\n    password: " ENVIRON["HASH"]
    next
  }
  section == "users:" && /^ *(- )?name:/ {
    user = value()
    if (user == former && former != admin && !(admin in there)) { user = admin; sub(/name:.*/, "name: " admin) }
  }
  # A person gave the new name to somebody already, who is the admin now.
  section == "users:" && user == former && former != admin { next }
  section == "users:" && user == admin && /^ *(- )?password:/ { sub(/password:.*/, "password: "); print $0 ENVIRON["HASH"]; next }
  section == "filtering:" && /^  rewrites:/ { skip = 1; theirs = ""; theirsNow = 0; next }
  { print }
  END { if (skip) names() }
' "$config" "$config" >"$config.new"
mv "$config.new" "$config"
echo "$admin" >${ADMIN_RECORD}
exec "$@"
`;
}

/**
 * Unbound's settings over the image's own, which already say where it listens (UNBOUND_PORT):
 * recursive, for the containers of this host only. In all, the caches take up to two and a half
 * times what is set here (Unbound's manual, "Performance Tuning"), and must fit in its memory.
 */
export function unboundConfig(): string {
  return `server:
    num-threads: 1
    num-queries-per-thread: 256
    msg-cache-size: 8m
    rrset-cache-size: 16m
    key-cache-size: 4m
    neg-cache-size: 1m
    cache-min-ttl: 300
    cache-max-ttl: 14400
    serve-expired: yes
    serve-expired-ttl: 86400
    access-control: 0.0.0.0/0 refuse
    access-control: 127.0.0.0/8 allow
    access-control: 172.16.0.0/12 allow
    access-control: 10.0.0.0/8 allow
`;
}
