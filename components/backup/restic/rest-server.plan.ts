import type { AppPlan, MountDeclaration, Requirement } from "../../../model/declaration.ts";
import type { ProbeDeclaration } from "../../../model/declared-uses.ts";
import { hasRole, type HostName } from "../../../model/host-names.ts";
import type { Site } from "../../../model/site.ts";
import { needsFolder, type NasFolder } from "../../core/nas-folders.plan.ts";
import { RESTIC_ACCOUNTS, type ResticAccount } from "./accounts.ts";
import { REST_SERVER_0_14_IMAGE } from "./rest-server.image.ts";
import { app } from "../../../model/app.ts";
import { generated, type SecretName, type Secrets } from "../../../model/secrets.ts";

/** Port of the REST server, in the container and on the host. */
export const RESTIC_PORT = 8000;

/** The app and its container. */
export const RESTIC_SERVER = "restic-rest";

/** Which of the two REST servers. */
export interface ResticRestArgs {
  /** The storage: where every backup of the homelab goes; another: a second, empty one for mesh members. */
  readonly host: HostName;
  /** Folder of the storage that holds every repository. */
  readonly repositories: NasFolder;
}

interface Variant {
  readonly users: Readonly<Record<string, SecretName>>;
  readonly data: MountDeclaration;
  readonly secrets: Secrets;
  readonly volumes: AppPlan["volumes"];
  readonly bind: (site: Site, host: HostName) => string;
  readonly capabilities?: readonly string[];
  readonly requires: readonly Requirement[];
  readonly probes?: readonly ProbeDeclaration[];
}

const DATA = "/data";
const PASSWORDS = "/etc/restic/htpasswd";

function onStorage(repositories: NasFolder): Variant {
  return {
    users: Object.fromEntries(
      Object.values<ResticAccount>(RESTIC_ACCOUNTS).map(({ user, login }) => [user, login]),
    ),
    data: {
      kind: "bind",
      source: repositories.path,
      target: DATA,
      notCopied: "holds the copies; offsite-sync sends them away each night",
    },
    secrets: {},
    volumes: [],
    bind: () => "0.0.0.0",
    // The repositories on the disk may belong to the user who moved them there.
    capabilities: ["DAC_OVERRIDE"],
    requires: [needsFolder(repositories)],
    probes: [
      {
        name: "Restic REST",
        kind: "http",
        target: `http://{mesh}:${RESTIC_PORT}`,
        interval: "60s",
        tier: "warning",
        status: 401,
      },
    ],
  };
}

const SECOND: Variant = {
  users: { [RESTIC_ACCOUNTS.home.user]: "restic-vps-password" },
  data: { kind: "volume", volume: "restic-data", target: DATA },
  secrets: {
    "restic-vps-password": generated("login at the VPS's own restic REST server"),
  },
  volumes: [
    { name: "restic-data", notCopied: "holds copies only, and nothing is sent here by itself" },
  ],
  // It is there for the mesh; on the loopback nobody could use it.
  bind: (site, host) => site.hosts[host].mesh,
  requires: [
    {
      on: "gate:mesh",
      condition: "healthy",
      strength: "hard",
      why: "listens on the mesh address",
    },
  ],
};

/** "host:port" under which the jobs of a host reach its restic server; exported by that stack. */
export function resticAddress(site: Site, host: HostName): string {
  const { lan, mesh } = site.hosts[host];
  return `${hasRole(host, "storage") ? lan : mesh}:${RESTIC_PORT}`;
}

/**
 * The restic REST server that every backup job sends to.
 *
 * On the NAS it comes first, since the jobs of all hosts need it.
 */
export function resticRest(site: Site, args: ResticRestArgs) {
  const variant = hasRole(args.host, "storage") ? onStorage(args.repositories) : SECOND;
  return app({
    type: "homelab:backup:ResticRest",
    exposes: {
      /** The server; healthy once it asks for a login. */
      server: RESTIC_SERVER,
    },
    images: [REST_SERVER_0_14_IMAGE],
    networks: [{ name: "backup-net" }],
    services: [
      {
        name: RESTIC_SERVER,
        stack: "backup",
        image: REST_SERVER_0_14_IMAGE.reference,
        // Said in full: the image's start script reads OPTIONS and makes an empty password file of
        // its own where it finds none.
        entrypoint: ["rest-server"],
        command: [
          "--path",
          DATA,
          "--htpasswd-file",
          PASSWORDS,
          "--private-repos",
          "--prometheus",
          "--listen",
          `:${RESTIC_PORT}`,
        ],
        env: { TZ: site.timezone },
        networks: [{ name: "backup-net" }],
        ports: [
          {
            bind: variant.bind(site, args.host),
            host: RESTIC_PORT,
            container: RESTIC_PORT,
            protocol: "tcp",
          },
        ],
        mounts: [variant.data, { kind: "tmpfs", target: "/tmp", size: "64MiB" }],
        files: [
          {
            target: PASSWORDS,
            content: { kind: "htpasswd", users: variant.users },
            owner: "0:0",
            mode: "0400",
          },
        ],
        // Without a login the right answer is 401.
        health: {
          test: [
            "CMD-SHELL",
            `wget -S -q -O /dev/null http://127.0.0.1:${RESTIC_PORT}/ 2>&1 | grep -q 401`,
          ],
        },
        limits: { memory: "256MiB", cpus: 0.5 },
        readOnlyRoot: true,
        ...(variant.capabilities ? { capabilities: variant.capabilities } : {}),
        requires: variant.requires,
        category: "backup",
        critical: true,
        ...(variant.probes ? { probes: variant.probes } : {}),
      },
    ],
    secrets: variant.secrets,
    volumes: variant.volumes,
  });
}
