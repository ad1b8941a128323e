import type { AppPlan, FileDeclaration } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import {
  derpMap,
  HEADSCALE_DATA,
  HEADSCALE_FILES,
  HEADSCALE_OWN_PORT,
  HEADSCALE_PORT,
  HEADSCALE_SITE,
  headscaleConfig,
} from "./headscale-config.plan.ts";
import {
  copyHealthScript,
  copyScript,
  copyStartScript,
  type HeadscaleCopiesSettings,
} from "./headscale-copies.plan.ts";
import { meshPolicy, meshPolicyFile } from "./mesh-policy.plan.ts";
import { meshRecords, meshRecordsFile } from "./mesh-records.plan.ts";
import type { RoutedHost } from "./routes.plan.ts";

/** What Headscale has to know beside the site. */
export interface HeadscaleArgs {
  /** All hosts: names and ports of their services become records and rules of the mesh. */
  readonly hosts: readonly RoutedHost[];
}

/**
 * Folder of the VPS with the hourly copies. The off-site job fetches them from here; in the
 * original the two sides named different folders.
 */
export const HEADSCALE_COPIES = "/opt/homelab/headscale/backups";

/** Group of the person who logs in to the VPS; reads the copies to fetch them. */
const LOGIN_GROUP = 1000;
const STACK = "networking/headscale";
const PHASE = 1;

/** Headscale, which every mesh node needs, and the hourly copy of what it knows. */
export function headscalePlan(site: Site, args: HeadscaleArgs): AppPlan {
  const copies: HeadscaleCopiesSettings = {
    data: HEADSCALE_DATA,
    config: "/etc/headscale",
    copies: "/backups",
    keepHours: 720,
    readers: LOGIN_GROUP,
    timezone: site.timezone,
  };
  const files = configFiles(site, args);
  return {
    services: [
      {
        name: "headscale",
        stack: STACK,
        phase: PHASE,
        image: "docker.io/headscale/headscale:0.28.0",
        command: ["serve"],
        env: { TZ: site.timezone },
        networks: [{ name: "headscale-net" }],
        ports: [
          {
            bind: "127.0.0.1",
            host: HEADSCALE_OWN_PORT,
            container: HEADSCALE_PORT,
            protocol: "tcp",
          },
        ],
        mounts: [
          { kind: "volume", volume: "headscale-data", target: HEADSCALE_DATA },
          // Socket of its own command line; a container that was killed leaves it behind.
          { kind: "tmpfs", target: "/var/run/headscale", size: "1MiB" },
        ],
        files,
        health: { test: ["CMD", "headscale", "health"] },
        limits: { memory: "256MiB", cpus: 0.5 },
        capabilities: ["NET_ADMIN"],
        category: "networking",
        critical: true,
        routes: [{ name: HEADSCALE_SITE, port: HEADSCALE_PORT }],
        probes: [
          {
            name: "Headscale",
            kind: "http",
            target: `https://${HEADSCALE_SITE}.{domain}/health`,
            interval: "60s",
            tier: "critical",
          },
        ],
      },
      {
        name: "headscale-backup",
        stack: STACK,
        phase: PHASE,
        image: "docker.io/library/alpine:3.19",
        entrypoint: ["/bin/sh", "/homelab/start.sh"],
        command: [],
        env: { TZ: site.timezone },
        networks: [{ name: "headscale-net" }],
        mounts: [
          { kind: "volume", volume: "headscale-data", target: HEADSCALE_DATA, readOnly: true },
          { kind: "bind", source: HEADSCALE_COPIES, target: copies.copies },
        ],
        files: [
          ...files,
          { target: "/homelab/copy.sh", content: { kind: "text", text: copyScript(copies) } },
          { target: "/homelab/start.sh", content: { kind: "text", text: copyStartScript(copies) } },
          {
            target: "/homelab/health.sh",
            content: { kind: "text", text: copyHealthScript(copies) },
          },
          {
            target: "/etc/crontabs/root",
            content: { kind: "text", text: "0 * * * * /bin/sh /homelab/copy.sh\n" },
            owner: "0:0",
          },
        ],
        health: {
          test: ["CMD", "/bin/sh", "/homelab/health.sh"],
          interval: "60s",
          timeout: "5s",
        },
        limits: { memory: "128MiB", cpus: 0.25 },
        // crond starts no job without the first two; the copies go to a group of the host.
        capabilities: ["CHOWN", "SETGID", "SETUID"],
        init: true,
        logs: { maxSize: "5MiB", maxFiles: 3 },
        requires: [
          { on: "headscale", condition: "started", strength: "hard", why: "copies its database" },
        ],
        category: "backup",
      },
    ],
    volumes: [
      {
        name: "headscale-data",
        neverLose: true,
        notCopied:
          "not by restic: headscale-backup copies it each hour, the NAS fetches the copies",
      },
    ],
  };
}

function configFiles(site: Site, { hosts }: HeadscaleArgs): FileDeclaration[] {
  const texts: Record<keyof typeof HEADSCALE_FILES, string> = {
    config: headscaleConfig(site),
    policy: meshPolicyFile(meshPolicy(site, hosts)),
    records: meshRecordsFile(meshRecords(site, hosts)),
    derp: derpMap(site),
  };
  const names = Object.keys(texts) as (keyof typeof HEADSCALE_FILES)[];
  return names.map((name) => ({
    target: HEADSCALE_FILES[name],
    content: { kind: "text", text: texts[name] },
  }));
}
