import type { FileDeclaration } from "../../model/declared-files.ts";
import type { VolumeDeclaration } from "../../model/declaration.ts";
import { hostWith } from "../../model/host-names.ts";
import type { MeshAddresses, Site } from "../../model/site.ts";
import {
  DERP_SITE,
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
import { hasMeshResolver, meshRecords, meshRecordsFile } from "../edge/mesh-records.plan.ts";
import { routesOf, type RoutedHost } from "../edge/routes.plan.ts";
import { HEADSCALE_0_28_IMAGE } from "./headscale.image.ts";
import { app } from "../../model/app.ts";

/** What Headscale has to know beside the site. */
export interface HeadscaleArgs {
  /** All hosts: names and ports of their services become records and rules of the mesh. */
  readonly hosts: readonly RoutedHost[];
  /** Which address a new member gets. @default "random" */
  readonly addresses?: MeshAddresses;
  /** Volumes of the VPS: its one job copies those that say how. */
  readonly volumes: readonly VolumeDeclaration[];
}

const STACK = "networking/headscale";

/** Headscale, the coordinator of the mesh, with its hourly copy. It comes first on the VPS. */
export function headscale(site: Site, args: HeadscaleArgs) {
  const files = configFiles(site, args);
  return app({
    type: "homelab:networking:Headscale",
    exposes: {
      /** The coordinator; healthy once its own command line gets an answer. */
      server: "headscale",
      /** Copies database, keys and configuration each hour. */
      backup: "headscale-backup",
    },
    images: [HEADSCALE_0_28_IMAGE],
    networks: [{ name: "headscale-net" }],
    services: [
      {
        name: "headscale",
        stack: STACK,
        image: HEADSCALE_0_28_IMAGE.reference,
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
        wayIn: true,
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
    ],
    jobs: [headscaleBackup(site, { stack: STACK, files, volumes: args.volumes })],
    // The policy names the user as the owner of every tag.
    renamingUser: [
      `Headscale: ssh ${hostWith("coordinator")} docker exec headscale headscale users rename --name {former} --new-name {next}`,
    ],
    volumes: [
      {
        name: "headscale-data",
        neverLose: true,
        copied: { at: "/data/headscale", databases: ["db.sqlite"] },
      },
    ],
  });
}

function configFiles(site: Site, { hosts, addresses }: HeadscaleArgs): FileDeclaration[] {
  const resolver = hasMeshResolver(site, hosts);
  const relay = routesOf(hosts).some(({ route }) => route.name === DERP_SITE);
  const file = (name: keyof typeof HEADSCALE_FILES, text: string): FileDeclaration => ({
    target: HEADSCALE_FILES[name],
    content: { kind: "text", text },
  });
  return [
    file("config", headscaleConfig(site, addresses, { resolver, relay })),
    file("policy", meshPolicyFile(meshPolicy(site, hosts))),
    file("records", meshRecordsFile(meshRecords(site, hosts))),
    ...(relay ? [file("derp", derpMap(site))] : []),
  ];
}
