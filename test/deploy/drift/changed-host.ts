// A host of two services, and what is reported of it once somebody changed it.
import { compareHost } from "../../../deploy/drift/compare-host.ts";
import type { InspectedContainer } from "../../../hosts/engine/inspect.ts";
import type { Difference } from "../../../deploy/drift/rows.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../../model/declaration.ts";
import { hostAsDeclared, lockOf, type SeenHost } from "./imitated-host.ts";

/** Everything that a service can declare. */
export const db: ServiceDeclaration = {
  name: "db",
  stack: "documents",
  phase: 9,
  image: "docker.io/library/postgres:17",
  command: ["postgres", "-c", "fsync=on"],
  user: "70:70",
  env: { TZ: "Etc/UTC", PGDATA: "/data" },
  networks: [{ name: "documents-net", aliases: ["database"], address: "10.9.0.4" }],
  ports: [{ bind: "127.0.0.1", host: 5432, container: 5432, protocol: "tcp" }],
  mounts: [
    { kind: "volume", volume: "db-data", target: "/data" },
    { kind: "bind", source: "/mnt/nas/documents", target: "/documents", readOnly: true },
    { kind: "tmpfs", target: "/tmp", size: "64MiB" },
  ],
  files: [{ target: "/etc/db.conf", content: { kind: "text", text: "fsync = on" } }],
  devices: ["/dev/dri"],
  health: { test: ["CMD", "pg_isready"] },
  limits: { memory: "256MiB", cpus: 0.5 },
  capabilities: ["CHOWN", "SETUID"],
  requires: [
    { on: "gate:nas-documents", condition: "started", strength: "hard" },
    { on: "gate:dri", condition: "started", strength: "soft" },
  ],
  category: "documents",
};

/** As little as a service can declare. */
export const web: ServiceDeclaration = {
  name: "web",
  stack: "documents",
  phase: 9,
  image: "docker.io/library/nginx:1.27",
  networks: [{ name: "documents-net" }],
  health: { test: ["CMD-SHELL", "wget -q localhost"] },
  limits: { memory: "64MiB", cpus: 1 },
  category: "documents",
};

/** The host of both, with gates and somebody else's program. */
export const host: HostDeclaration = {
  host: "docker-vm",
  networks: [{ name: "documents-net", subnet: "10.9.0.0/24", gateway: "10.9.0.1" }],
  volumes: [{ name: "db-data" }],
  gates: [
    {
      name: "nas-documents",
      kind: "mount",
      path: "/mnt/nas/documents",
      source: "nas:/srv/documents",
      writable: false,
      remedy: "look at the NAS",
    },
    { name: "dri", kind: "device", path: "/dev/dri", remedy: "pass it through" },
    { name: "mesh", kind: "mesh", address: "100.64.0.3", remedy: "look at the mesh" },
  ],
  services: [db, web],
  externals: [
    {
      name: "coolify",
      folder: "/data/coolify/source",
      start: ["true"],
      health: ["true"],
      networks: ["coolify"],
      usedBy: {},
    },
  ],
};

/** The digests of their images. */
export const lock = lockOf(host);

/** What is reported of a host that somebody changed. */
export function driftOf(change: (seen: SeenHost) => void) {
  const seen = hostAsDeclared(host, lock);
  change(seen);
  return compareHost(host, lock, seen);
}

/** The differences of that host, without its name. */
export function rowsOf(change: (seen: SeenHost) => void): Difference[] {
  return driftOf(change).rows.map(({ host: _host, ...row }) => row);
}

/** The differences after a change of the container "db". */
export function changedContainer(change: (container: InspectedContainer) => void): Difference[] {
  return rowsOf(({ containers: [first] }) => {
    if (first) change(first);
  });
}

/** What every row of a changed container "db" has. */
export const container = { kind: "container", name: "db", change: "changed" } as const;

/** Closes a gate. @param before whether it was open when a deployment looked last */
export function closeGate({ observation }: SeenHost, name: string, before = true): void {
  observation.conditions[name] = {
    open: false,
    seen: "nothing there",
    last: { token: "token", open: before },
  };
}
