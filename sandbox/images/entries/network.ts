import { http, ok, STAND_IN, type StandIn } from "../stand-in.ts";
import { ALPINE, DEBIAN } from "../check-programs.ts";
import { folder, link, script, textFile } from "../path-entry.ts";
import type { ImageEntry } from "../types.ts";

/** Caddy as the official image runs it. */
function caddy(reference: string, limits: string): ImageEntry {
  return {
    reference,
    kind: "real",
    program: "Caddy 2.10.2 from its Go module",
    limits,
    secrets: "placeholders in the Caddyfile: {env.NAME}, {file./path}",
    source: "documentation of the official image, docker-library/docs caddy",
    user: "",
    has: ALPINE,
    volumes: [],
    ports: ["80", "443", "443/udp", "2019"],
    command: ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
    env: { XDG_CONFIG_HOME: "/config", XDG_DATA_HOME: "/data" },
    workingFolder: "/srv",
    paths: [
      folder("/config"),
      folder("/config/caddy"),
      folder("/data"),
      folder("/data/caddy"),
      textFile("/etc/caddy/Caddyfile", ":80 {\n\troot * /usr/share/caddy\n\tfile_server\n}\n"),
      textFile(
        "/usr/share/caddy/index.html",
        "<!doctype html><title>Caddy</title><p>Caddy works.</p>\n",
      ),
    ],
    programs: [{ name: "caddy", path: "/usr/local/bin/caddy" }],
  };
}

const PIHOLE: StandIn = {
  startupMs: 800,
  secrets: [
    { name: "FTLCONF_webserver_api_password" },
    { name: "WEBPASSWORD", fileEnv: "WEBPASSWORD_FILE" },
  ],
  writes: ["/etc/pihole"],
  databases: ["/etc/pihole/gravity.db"],
  child: [
    "dnsmasq",
    // Also: keep the user, for which it would need more capabilities.
    "--no-daemon",
    "--no-resolv",
    "--no-hosts",
    "--address=/pi.hole/127.0.0.1",
    "--conf-dir=/etc/dnsmasq.d,*.conf",
  ],
  listen: [
    http(
      80,
      ok("/admin/", "@page", "text/html"),
      ok("/api/info/login", '{"https_port":443,"dns":true,"took":0.0001}'),
      ok("/api/dns/blocking", '{"blocking":"enabled","timer":null,"took":0.0001}'),
    ),
  ],
};

function pihole(reference: string): ImageEntry {
  return {
    reference,
    kind: "mixed",
    program: "dnsmasq 2.90 of Debian on port 53, a stand-in on port 80",
    limits: "answers pi.hole and what /etc/dnsmasq.d says; no block lists, no upstream, no login",
    secrets: "WEBPASSWORD_FILE: a path, or a name below /run/secrets",
    source: "docker-pi-hole src/bash_functions.sh and README",
    user: "",
    becomes: "PIHOLE_UID:PIHOLE_GID, 1000:1000 where they are unset",
    has: [...ALPINE, "bash", "curl", "dig"],
    volumes: [],
    ports: ["53", "53/udp", "67/udp", "80", "123/udp", "443"],
    tree: {
      first: "waits",
      script: "/usr/bin/start.sh",
      user: { uid: "${PIHOLE_UID:-1000}", gid: "${PIHOLE_GID:-1000}" },
      owns: ["/etc/pihole"],
      rootReads: true,
      server: [STAND_IN],
    },
    paths: [folder("/etc/pihole"), folder("/etc/dnsmasq.d")],
    standIn: PIHOLE,
  };
}

/** Name service, certificates, mesh. */
export const NETWORK: readonly ImageEntry[] = [
  pihole("docker.io/pihole/pihole:2025.04.0"),
  pihole("docker.io/pihole/pihole:2026.02.0"),
  caddy(
    "ghcr.io/caddybuilds/caddy-cloudflare:2.11.3",
    "release 2.10.2 under this tag; no Cloudflare module",
  ),
  caddy("docker.io/library/caddy:2.8.4-alpine", "release 2.10.2 under this tag"),
  {
    reference: "docker.io/adguard/adguardhome:v0.107.73",
    kind: "mixed",
    program: "dnsmasq 2.90 of Debian on port 53, a stand-in on port 3000",
    limits:
      "no wizard, no block lists; asks the resolver that upstream_dns names only if that is an address; reads names at its start alone; of its API only status and rewrites (list, add, delete); writes its file anew as the original does, in a form of its own",
    secrets: "users in conf/AdGuardHome.yaml",
    source: "AdGuardHome wiki, Docker and Configuration pages",
    user: "",
    has: ALPINE,
    volumes: [],
    ports: ["53", "53/udp", "80", "443", "443/udp", "3000", "853"],
    entrypoint: ["/opt/adguardhome/AdGuardHome"],
    command: [
      "--no-check-update",
      "-c",
      "/opt/adguardhome/conf/AdGuardHome.yaml",
      "-w",
      "/opt/adguardhome/work",
    ],
    workingFolder: "/opt/adguardhome/work",
    paths: [
      folder("/opt/adguardhome"),
      folder("/opt/adguardhome/work", 0, 0, 0o700),
      folder("/opt/adguardhome/conf", 0, 0, 0o700),
      link("/opt/adguardhome/AdGuardHome", STAND_IN),
      script("/usr/local/bin/adguard-dns", "adguard-dns.sh"),
    ],
    standIn: {
      role: "adguard",
      startupMs: 700,
      writes: ["/opt/adguardhome/work", "/opt/adguardhome/conf"],
      child: ["adguard-dns"],
      listen: [http(3000, ok("/control/status", '{"running":true,"protection_enabled":true}'))],
    },
  },
  {
    reference: "docker.io/madnuttah/unbound:1.24.2-1",
    kind: "real",
    program: "Unbound 1.17 of Debian",
    limits:
      "cloudflare.com is answered from a line of its own configuration; there is no outside to ask",
    secrets: "none",
    source: "madnuttah/unbound-docker doc/examples",
    user: "",
    becomes: "1000:1000",
    has: ["sh", "drill"],
    volumes: [],
    ports: ["5335", "5335/udp"],
    tree: {
      first: "tini",
      script: "/entrypoint",
      user: { uid: "1000", gid: "1000" },
      server: ["/usr/sbin/unbound", "-d", "-p", "-c", "/usr/local/unbound/unbound.conf"],
    },
    accounts: [{ name: "_unbound", uid: 1000, gid: 1000 }],
    paths: [
      folder("/usr/local/unbound", 1000, 1000),
      folder("/usr/local/unbound/conf.d", 1000, 1000),
      folder("/usr/local/unbound/zones.d", 1000, 1000),
      { kind: "file", path: "/usr/local/unbound/unbound.conf", content: { from: "unbound.conf" } },
    ],
  },
  {
    reference: "docker.io/headscale/headscale:0.28.0",
    kind: "real",
    program: "Headscale 0.28.0 from its Go module",
    limits: "none known",
    secrets: "key files that config.yaml names",
    source: "headscale documentation, running headscale in a container",
    user: "",
    has: [],
    volumes: [],
    ports: ["8080"],
    entrypoint: ["/ko-app/headscale"],
    paths: [
      folder("/etc/headscale"),
      folder("/var/lib/headscale"),
      link("/usr/local/bin/headscale", "/ko-app/headscale"),
    ],
    programs: [{ name: "headscale", path: "/ko-app/headscale" }],
  },
  {
    reference: "docker.io/fredliang/derper:v1.84.2",
    kind: "real",
    program: "derper 1.94.1 from its Go module",
    limits:
      "release 1.94.1 under this tag; in manual mode it ends at once without <domain>.crt and <domain>.key, as the original",
    secrets: "certificate and key files in DERP_CERT_DIR",
    source: "fredliang44/derper-docker Dockerfile and README",
    user: "",
    has: DEBIAN,
    volumes: [],
    ports: [],
    command: ["/app/derper.sh"],
    workingFolder: "/app",
    env: {
      DERP_DOMAIN: "your-hostname.com",
      DERP_CERT_MODE: "letsencrypt",
      DERP_CERT_DIR: "/app/certs",
      DERP_ADDR: ":443",
      DERP_STUN: "true",
      DERP_STUN_PORT: "3478",
      DERP_HTTP_PORT: "80",
      DERP_VERIFY_CLIENTS: "false",
    },
    paths: [folder("/app"), folder("/app/certs"), script("/app/derper.sh", "derper.sh")],
    programs: [{ name: "derper", path: "/app/derper" }],
  },
];
