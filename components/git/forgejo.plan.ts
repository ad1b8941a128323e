import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { needsFolder, type NasFolder } from "../core/nas-folders.plan.ts";
import { FORGEJO_11_IMAGE } from "./forgejo.image.ts";
import { app } from "../../model/app.ts";

const STACK = "git";
const PORT = 3000;
const START = "/homelab/start.sh";
/** Forgejo's own settings, as its container sees them. */
const SETTINGS = "/data/gitea/conf/app.ini";

/** Where Forgejo keeps its data, and what its job copies besides. */
export interface ForgejoArgs {
  /** Folder of the NAS with repositories, database, settings and host keys. */
  readonly data: NasFolder;
  /** The household's own files, which no other job copies (docs/adr/0013). @default none */
  readonly alsoCopied?: readonly NasFolder[];
}

/** Forgejo, the household's git server, with its nightly copy. */
export function forgejo(site: Site, { data, alsoCopied = [] }: ForgejoArgs) {
  return app({
    type: "homelab:git:Forgejo",
    exposes: {
      /** The server; healthy once its own check says so. */
      server: "forgejo",
      /** Copies repositories and database each night. */
      backup: "forgejo-backup",
    },
    images: [FORGEJO_11_IMAGE],
    networks: [{ name: "git-net" }],
    services: [
      {
        name: "forgejo",
        stack: STACK,
        image: FORGEJO_11_IMAGE.reference,
        entrypoint: ["/bin/sh", START],
        // Entry point and command of the image, by name alone: Alpine 3.21 moved s6-svscan from
        // /bin to /usr/bin, and Forgejo's image with it.
        command: ["/usr/bin/entrypoint", "s6-svscan", "/etc/s6"],
        env: {
          TZ: site.timezone,
          USER_UID: "1000",
          USER_GID: "1000",
          FORGEJO__database__DB_TYPE: "sqlite3",
          FORGEJO__server__ROOT_URL: `https://git.${site.domain}`,
          // The NAS itself: the site's name leads to the Docker VM, where no git server listens.
          FORGEJO__server__SSH_DOMAIN: site.hosts[hostWith("storage")].lan,
          FORGEJO__server__SSH_PORT: "2222",
          FORGEJO__server__SSH_LISTEN_PORT: "22",
          FORGEJO__service__DISABLE_REGISTRATION: "true",
          // Without it the first who opens the page sets it up and is its admin; now a person makes
          // the first admin on the host (docs/guides/nas-apps.md).
          FORGEJO__security__INSTALL_LOCK: "true",
        },
        networks: [{ name: "git-net" }],
        ports: [
          { bind: "0.0.0.0", host: PORT, container: PORT, protocol: "tcp" },
          { bind: "0.0.0.0", host: 2222, container: 22, protocol: "tcp" },
        ],
        mounts: [{ kind: "bind", source: data.path, target: "/data" }],
        files: [{ target: START, content: { kind: "text", text: forgejoStart() } }],
        health: { test: ["CMD", "curl", "-f", `http://127.0.0.1:${PORT}/api/healthz`] },
        limits: { memory: "512MiB", cpus: 1 },
        // KILL: s6-supervise stays root, and has to tell a process of uid 1000 to end.
        capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID", "SYS_CHROOT"],
        requires: [needsFolder(data)],
        category: "git",
        critical: true,
        // The NAS has no proxy; the Docker VM's serves it.
        routes: [{ name: "git", port: PORT, via: hostWith("home") }],
        probes: [
          {
            name: "Forgejo",
            kind: "http",
            target: "https://git.{domain}/api/healthz",
            interval: "60s",
            tier: "warning",
          },
        ],
        tile: {
          group: "Infrastructure",
          title: "Forgejo",
          description: "Git repositories",
          icon: "forgejo.png",
        },
      },
    ],
    jobs: [
      {
        name: "forgejo-backup",
        stack: STACK,
        networks: ["git-net"],
        repository: "forgejo",
        schedule: "45 3 * * *",
        data: [
          { source: data.path, target: "/data" },
          ...alsoCopied.map(({ name, path }) => ({ source: path, target: `/more/${name}` })),
        ],
        // Copied like any other file, an open database may be torn.
        sqlite: ["/data/gitea/gitea.db"],
        requires: [
          {
            on: "forgejo",
            condition: "healthy",
            strength: "hard",
            why: "copies its database and repositories",
          },
          ...alsoCopied.map(needsFolder),
        ],
        watchUpdates: false,
        // The index of the household's own files is held in memory (restic/restic#526).
        memory: "512MiB",
      },
    ],
    volumes: [],
  });
}

/**
 * Makes the key that the installer would have made. Without one Forgejo encrypts second factors
 * and the passwords of mirrors with a key that stands in its source (modules/setting/security.go).
 * The image writes the variable into app.ini, beside the data and in its copies. One that is
 * installed already keeps its key, whatever it is: with another, nothing could be decrypted.
 */
export function forgejoStart(): string {
  return `#!/bin/sh
set -eu
if ! grep -Eqs '^INSTALL_LOCK *= *true' ${SETTINGS}; then
  FORGEJO__security__SECRET_KEY=$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
  export FORGEJO__security__SECRET_KEY
fi
exec "$@"
`;
}
