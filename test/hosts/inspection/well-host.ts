// A host of two services that is well, and what the checklist says of it once it is not.
import { parseAnswer, type HostAnswer } from "../../../hosts/inspection/answer.ts";
import { containerRows } from "../../../hosts/inspection/container-rows.ts";
import { machineRows } from "../../../hosts/inspection/machine-rows.ts";
import type { CheckRow } from "../../../hosts/inspection/rows.ts";
import type { HostDeclaration, ServiceDeclaration } from "../../../model/declaration.ts";
import { specFingerprint } from "../../../model/host-plan.ts";

/** A service of the host. */
export function service(name: string, more: Partial<ServiceDeclaration> = {}): ServiceDeclaration {
  return {
    name,
    stack: "media",
    phase: 12,
    image: "docker.io/library/redis:7-alpine",
    networks: [{ name: "media-net" }],
    health: { test: ["CMD", "true"] },
    limits: { memory: "64MiB", cpus: 0.5 },
    category: "media",
    ...more,
  };
}

const jellyfin = service("jellyfin", {
  requires: [
    { on: "gate:media", condition: "started", strength: "hard" },
    { on: "gate:dri", condition: "started", strength: "soft" },
  ],
});
/** It needs nothing. */
export const sonarr = service("sonarr");

/** What is declared of it. */
export const host: HostDeclaration = {
  host: "docker-vm",
  networks: [{ name: "media-net" }],
  volumes: [],
  gates: [
    {
      name: "media",
      kind: "mount",
      path: "/mnt/m",
      source: "nas:/m",
      writable: true,
      remedy: "mount it",
    },
    { name: "dri", kind: "device", path: "/dev/dri", remedy: "pass it through" },
  ],
  services: [jellyfin, sonarr],
  externals: [
    {
      name: "coolify",
      folder: "/data/coolify/source",
      start: ["docker", "compose", "up", "-d"],
      health: ["true"],
      networks: [],
      usedBy: {},
    },
  ],
};

const remedies = new Map(host.gates.map(({ name, remedy }) => [name, remedy]));

/** The id of a container. */
export function id(letter: string): string {
  return letter.repeat(64);
}

/** A container as the check's format prints it. @param letter of which its id is made */
export function container(
  declared: ServiceDeclaration,
  letter: string,
  fields: Partial<Record<string, string>> = {},
) {
  const labels = {
    "homelab.spec": fields["spec"] ?? specFingerprint(declared),
    "homelab.service": declared.name,
  };
  return [
    "@container",
    `/${declared.name}`,
    id(letter),
    fields["status"] ?? "running",
    fields["health"] ?? "healthy",
    fields["restarts"] ?? "0",
    JSON.stringify(labels),
    JSON.stringify(fields["output"] ?? ""),
  ].join("\t");
}

/** The lines that it answers. */
export const WELL = [
  "@engine\tversion\t29.1.3",
  "@node\tversion\tv22.12.0",
  "@unit\tenabled\tenabled",
  "@unit\tfailed\tactive",
  "@plan\twritten\tyes",
  "@disk\t/\t41",
  "@external\tcoolify\tmissing",
  container(jellyfin, "a"),
  container(sonarr, "b"),
  "condition media - never open",
  "condition dri written-3 open open",
  "file jellyfin written-1 ok",
  "file host-plan written-2 ok",
  `gate jellyfin ${id("a")}`,
  `gate sonarr ${id("b")}`,
];

/** What a well host answers, with some lines replaced by others that begin alike. */
export function answer(...changes: string[]): HostAnswer {
  const start = (line: string): string => line.split(/[\t ]/).slice(0, 2).join(" ");
  const kept = WELL.filter((line) => !changes.some((change) => start(change) === start(line)));
  return parseAnswer([...kept, ...changes].join("\n"));
}

/** What the checklist calls a failure or a warning. */
export function troubles(seen: HostAnswer): Omit<CheckRow, "host">[] {
  const rows = [...machineRows(host, seen, remedies), ...containerRows(host, seen)];
  return rows.filter(({ state }) => state !== "ok");
}
