// Who needs whom in that household, and what was heard of it.
import type { LoggedEvent } from "../../../control-plane/contract/logged-event.ts";
import type { Graph, State } from "../../../control-plane/contract/page-api.ts";
import { before } from "./imitated-parts.ts";
import { household } from "./imitated-state.ts";

const NEEDS: readonly (readonly [string, string, "hard" | "soft"])[] = [
  ["jellyfin", "gate:nas-media", "hard"],
  ["immich", "gate:nas-media", "hard"],
  ["immich", "immich-db", "hard"],
  ["immich", "immich-redis", "hard"],
  ["sonarr", "gate:nas-media", "hard"],
  ["immich-migrate", "immich-db", "hard"],
  ["paperless", "paperless-db", "hard"],
  ["paperless", "authelia", "soft"],
  ["grafana", "prometheus", "hard"],
  ["prometheus", "node-exporter", "soft"],
  ["home-assistant", "mosquitto", "hard"],
  ["home-assistant", "zigbee2mqtt", "soft"],
  ["zigbee2mqtt", "mosquitto", "hard"],
  ["caddy", "authelia", "soft"],
  ["caddy", "jellyfin", "soft"],
  ["caddy", "immich", "soft"],
  ["caddy", "paperless", "soft"],
  ["caddy", "grafana", "soft"],
  ["caddy", "vaultwarden", "soft"],
  ["caddy", "forgejo", "soft"],
  ["forgejo", "authelia", "soft"],
];

const CATEGORIES: Readonly<Record<string, string>> = {
  grafana: "monitoring",
  prometheus: "monitoring",
  "node-exporter": "monitoring",
  scrutiny: "monitoring",
  jellyfin: "media",
  immich: "media",
  sonarr: "media",
  caddy: "networking",
  paperless: "documents",
};

/** What needs what in it. */
export function graph(state: State = household()): Graph {
  const nodes = state.hosts.flatMap(({ host: on, services, gates }) => [
    ...Object.keys(services).map((name) => nodeOf(on, name)),
    ...Object.keys(gates).map((name) => nodeOf(on, `gate:${name}`)),
  ]);
  const edges = NEEDS.map(([from, to, strength]) => ({
    from: `docker-vm/${from}`,
    to: `docker-vm/${to}`,
    condition: "healthy" as const,
    strength,
    why: strength === "hard" ? "it cannot start without" : null,
  }));
  const across = {
    from: "docker-vm/gate:nas-media",
    to: "nas/minio",
    condition: "healthy" as const,
    strength: "hard" as const,
    why: null,
  };
  return { version: 1, nodes, edges: [...edges, across] };
}

function nodeOf(on: string, name: string): Graph["nodes"][number] {
  const isGate = name.startsWith("gate:");
  const category = isGate ? "gate" : (CATEGORIES[name] ?? "core");
  return {
    id: `${on}/${name}`,
    host: on,
    service: name,
    kind: isGate ? "gate" : "service",
    category,
  };
}

/** What happened in it, the newest first. */
export function events(count = 40): LoggedEvent[] {
  const kinds = [
    { kind: "gate", subject: "nas-media", text: "closed: not mounted" },
    { kind: "engine", subject: "jellyfin", text: "die (exit code 137)" },
    { kind: "held", subject: "immich", text: "held back by gate:nas-media" },
    { kind: "engine", subject: "sonarr", text: "unhealthy" },
    { kind: "deployment", subject: null, text: "deployment ended done" },
  ];
  return Array.from({ length: count }, (_, at) => ({
    sequence: 4200 - at * 3,
    at: before(30 + at * 77),
    host: "docker-vm",
    ...(kinds[at % kinds.length] ?? { kind: "engine", subject: null, text: "" }),
  }));
}
