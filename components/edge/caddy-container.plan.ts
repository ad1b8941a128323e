import type { MountDeclaration, AppService } from "../../model/declaration.ts";
import { CADDY_ADMIN } from "./caddyfile.plan.ts";

/** Volume of the certificates. */
export const CADDY_DATA = "caddy-data";

/** Certificates, and what Caddy read last from its declared configuration. */
export const CADDY_MOUNTS = [
  { kind: "volume", volume: CADDY_DATA, target: "/data" },
  { kind: "volume", volume: "caddy-config", target: "/config" },
] as const satisfies readonly MountDeclaration[];

/** Root certificate of Caddy's own authority. */
export const CADDY_AUTHORITY = "/data/caddy/pki/authorities/local/root.crt";

/** What every Caddy has alike beside its networks, mounts and files. */
export const CADDY_CONTAINER = {
  ports: [
    { bind: "0.0.0.0", host: 80, container: 80, protocol: "tcp" },
    { bind: "0.0.0.0", host: 443, container: 443, protocol: "tcp" },
    { bind: "0.0.0.0", host: 443, container: 443, protocol: "udp" },
  ],
  // Checking the file, or `caddy version`, says nothing of the server: this asks whether the
  // configuration is loaded and the port open.
  health: {
    test: [
      "CMD-SHELL",
      `wget -q -O /dev/null http://${CADDY_ADMIN}/config/admin && nc -z 127.0.0.1 443`,
    ],
  },
  limits: { memory: "256MiB", cpus: 0.5 },
  capabilities: ["NET_BIND_SERVICE"],
  category: "networking",
  critical: true,
  wayIn: true,
} as const satisfies Partial<AppService>;
