import type { AppPlan, FileDeclaration } from "../../model/declaration.ts";
import type { MeshAddresses, Site } from "../../model/site.ts";
import { resticState } from "../backup/restic-sidecar.plan.ts";
import {
  derpMap,
  HEADSCALE_DATA,
  HEADSCALE_FILES,
  HEADSCALE_OWN_PORT,
  HEADSCALE_PORT,
  HEADSCALE_SITE,
  headscaleConfig,
} from "./headscale-config.plan.ts";
import { headscaleBackup } from "./headscale-backup.plan.ts";
import { meshPolicy, meshPolicyFile } from "./mesh-policy.plan.ts";
import { meshRecords, meshRecordsFile } from "../edge/mesh-records.plan.ts";
import type { RoutedHost } from "../edge/routes.plan.ts";

/** What Headscale has to know beside the site. */
export interface HeadscaleArgs {
  /** All hosts: names and ports of their services become records and rules of the mesh. */
  readonly hosts: readonly RoutedHost[];
  /** Which address a new member gets. @default "random" */
  readonly addresses?: MeshAddresses;
}

const STACK = "networking/headscale";
const PHASE = 1;

/** Headscale, which every mesh node needs, and the copies of what the VPS knows. */
export function headscalePlan(site: Site, args: HeadscaleArgs): AppPlan {
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
      headscaleBackup(site, { stack: STACK, phase: PHASE, files }),
    ],
    volumes: [{ name: "headscale-data", neverLose: true }, resticState("headscale-backup")],
  };
}

function configFiles(site: Site, { hosts, addresses }: HeadscaleArgs): FileDeclaration[] {
  const texts: Record<keyof typeof HEADSCALE_FILES, string> = {
    config: headscaleConfig(site, addresses),
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
